import { text } from "../../terraform/model";
import { alarmsIn } from "../alarms";
import { compositesIn, cycleOf } from "../composites";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";

/** Composite alarms combine alarms that exist, and not themselves. */
export const compositeChildrenExist: Rule = {
  id: "composite-children-exist",
  group: "cannot-fire",
  severity: "error",
  statement: "Every composite alarm combines alarms that exist, and none of them leads back to it.",
  why: "A child that does not exist never fires, and a circle of composites waits for itself.",
  judge({ terraform }) {
    const composites = compositesIn(terraform);
    const names = alarmsIn(terraform).flatMap((one) => text(one, "alarm_name") ?? []);
    return composites.flatMap((composite) => {
      const { children, hidden, resource } = composite;
      const cycle = cycleOf(composites, composite);
      if (cycle.length > 0) {
        const found = `it leads back to itself: ${cycle.join(" → ")}`;
        return judged(resource, [
          bad(found, "a tree of alarms", "take one of these alarms out of the other's alarm_rule"),
        ]);
      }
      if (hidden || children.length === 0)
        return judged(resource, [unknown("its alarm_rule is known only after apply", AFTER_APPLY)]);
      const here = children.some((one) => one.alarm !== undefined);
      return judged(
        resource,
        children.map((one): Finding => {
          if (one.alarm !== undefined) return GOOD;
          const close = names.find((name) => name.toLowerCase() === one.name.toLowerCase());
          if (here || close !== undefined) {
            return bad(
              `its rule names ${one.name}, which this file does not manage`,
              close ?? "alarm names of this file",
              "refer to the alarm instead of writing its name: ${aws_cloudwatch_metric_alarm.….alarm_name}",
            );
          }
          return unknown(
            `its rule names ${one.name}, which this file does not manage`,
            "check the plan of the stack that owns the alarm, and acknowledge this with that reason",
          );
        }),
      );
    });
  },
};
