import type { TerraformModel } from "../../terraform/model";
import { alarmsWhenHigh } from "../comparison";
import { bad, type Finding, GIVE_KNOWLEDGE, GOOD, judged, unknown } from "../finding";
import { invocationOf } from "../invocation";
import type { EmitterKnowledge } from "../knowledge";
import type { Rule } from "../rule";
import { metricAlarms, type Series } from "../series";
import { functionNameOf, watchedFunction } from "../watched-function";

function look(terraform: TerraformModel, series: Series, knowledge: EmitterKnowledge | undefined): Finding {
  const fn = watchedFunction(terraform, series);
  if (fn === undefined) return undefined;
  const name = functionNameOf(fn);
  const known = knowledge?.functions[name];
  if (known?.invoked === "never") {
    return bad(
      `nothing invokes ${name}, says its owner`,
      "a function that runs",
      "connect its trigger, or remove the alarm",
    );
  }
  if (known !== undefined) return GOOD;
  const invocation = invocationOf(terraform, fn);
  if (invocation.kind === "invoked") return GOOD;
  if (invocation.kind === "perhaps")
    return unknown(`no trigger of ${name} is on; ${invocation.by} might invoke it`, GIVE_KNOWLEDGE);
  const off = invocation.kind === "off" ? invocation.triggers.map((one) => one.source.address) : [];
  return bad(
    off.length > 0
      ? `every trigger of ${name} is switched off: ${off.join(", ")}`
      : `nothing in this file invokes ${name}: no schedule, subscription, event source, URL, gateway or permission`,
    "a trigger that is on",
    "connect or enable the trigger, or remove the alarm; name the caller with --knowledge FILE if it is elsewhere",
  );
}

/** Alarms that wait for much of something watch functions that run. */
export const functionInvoked: Rule = {
  id: "function-invoked",
  group: "cannot-fire",
  severity: "error",
  statement:
    "Every alarm on a function's errors, duration or throttles watches a function something invokes.",
  why: "A function that never runs has no errors and no duration: its alarms are green by definition.",
  judge({ terraform, knowledge }) {
    return metricAlarms(terraform)
      .filter(alarmsWhenHigh)
      .flatMap((alarm) => {
        const findings = alarm.series.map((series) => look(terraform, series, knowledge));
        // A sum over functions is heard through any of them.
        const heard = findings.filter((one) => one?.kind !== "bad");
        return judged(alarm.resource, heard.some((one) => one?.kind === "good") ? heard : findings);
      });
  },
};
