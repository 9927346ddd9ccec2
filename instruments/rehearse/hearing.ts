import { alarmAction } from "../../policies/rules/nobody-hears/alarm-action";
import { alarmActionsEnabled } from "../../policies/rules/nobody-hears/alarm-actions-enabled";
import { type Unheard, whyUnheard } from "../../policies/rules/nobody-hears/unheard-action";
import type { Rule } from "../../policies/rules/rule";
import { list, type Resource, type TerraformModel } from "../../policies/terraform/model";
import type { AlarmState } from "../cloudwatch";

/** Who hears an alarm. */
export interface Hearing {
  /** States in which somebody is told, as far as can be known before apply. */
  readonly pages: readonly AlarmState[];
  /** Rules that say why nobody hears it in ALARM; empty when somebody does, or when a composite speaks for it. */
  readonly unheard: readonly Unheard[];
}

function brokenBy(rule: Rule, terraform: TerraformModel): ReadonlyMap<string, Unheard> {
  return new Map(
    rule
      .judge({ terraform })
      .flatMap((one) =>
        one.outcome === "non-compliant" ? [[one.address, { rule: rule.id, found: one.found }] as const] : [],
      ),
  );
}

/** Finds out who hears the alarms of a file. */
export function hearingsOf(terraform: TerraformModel): (alarm: Resource) => Hearing {
  const off = brokenBy(alarmActionsEnabled, terraform);
  const idle = brokenBy(alarmAction, terraform);
  return (alarm) => {
    const disabled = off.get(alarm.address);
    if (disabled !== undefined) return { pages: [], unheard: [disabled] };
    const why = (attribute: string) =>
      list(alarm, attribute).map((action) => whyUnheard(terraform, alarm, action));
    const heard = (reasons: ReturnType<typeof why>) => reasons.some((one) => one.length === 0);
    const firing = why("alarm_actions");
    const pages = [
      ...(heard(firing) ? (["ALARM"] as const) : []),
      ...(heard(why("insufficient_data_actions")) ? (["INSUFFICIENT_DATA"] as const) : []),
    ];
    if (pages.includes("ALARM")) return { pages, unheard: [] };
    const mute = pages.length === 0 ? idle.get(alarm.address) : undefined;
    const all = mute === undefined ? firing.flat() : [mute];
    return { pages, unheard: [...new Map(all.map((one) => [`${one.rule} ${one.found}`, one])).values()] };
  };
}
