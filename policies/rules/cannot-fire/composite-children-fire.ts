import { compositesIn } from "../composites";
import { bad, GOOD, judged } from "../finding";
import type { Rule } from "../rule";

/**
 * Composite alarms combine alarms that can fire.
 *
 * @param rules the rules that say which alarms cannot
 */
export function compositeChildrenFire(rules: readonly Rule[]): Rule {
  return {
    id: "composite-children-fire",
    group: "cannot-fire",
    severity: "warning",
    statement: "Every alarm a composite combines can fire.",
    why: "A composite looks complete while the children that matter are silent by construction.",
    judge(input) {
      const composites = compositesIn(input.terraform);
      if (composites.length === 0) return [];
      const silent = new Set(
        rules
          .filter((rule) => rule.severity === "error")
          .flatMap((rule) => rule.judge(input))
          .flatMap((one) => (one.outcome === "non-compliant" ? [one.address] : [])),
      );
      return composites.flatMap(({ children, resource }) => {
        const alarms = children.flatMap((one) => one.alarm ?? []);
        const mute = alarms.filter((one) => silent.has(one.address)).map((one) => one.address);
        return judged(resource, [
          ...alarms.map(() => GOOD),
          mute.length === 0
            ? undefined
            : bad(
                `${mute.length} of its ${alarms.length} alarms cannot fire: ${mute.join(", ")}`,
                "children that can fire",
                "correct these alarms; each has a finding of its own",
              ),
        ]);
      });
    },
  };
}
