import { isAwsNamespace } from "../../aws-metrics";
import { type Emitter, emittersOf, exactEmitters, undescribedWriters } from "../emitters";
import { AFTER_APPLY, bad, type Finding, GIVE_KNOWLEDGE, GOOD, judged, unknown } from "../finding";
import { filtersOf } from "../metric-filters";
import type { Rule, RuleInput } from "../rule";
import { describeSeries, type MetricAlarm, metricAlarms, type Series } from "../series";
import { isRefused } from "./namespace-writable";

function describeEmission({ name, emission }: Emitter): string {
  const pairs = Object.entries(emission.dimensions).map(([key, value]) => `${key}=${value}`);
  return `${name} writes it with {${pairs.join(", ")}}`;
}

/** What silence does to the alarm. */
function consequence({ missingData }: MetricAlarm): string {
  return missingData === "breaching" ? "it can never leave ALARM" : "it can never fire";
}

function look({ terraform, knowledge }: RuleInput, alarm: MetricAlarm, series: Series): Finding {
  if (isAwsNamespace(series.namespace) || filtersOf(terraform, series).length > 0) return undefined;
  if (knowledge === undefined) {
    if (isRefused(terraform, series, undefined)) return undefined;
    return unknown(
      `whether anything emits ${describeSeries(series)} is not in a Terraform file`,
      GIVE_KNOWLEDGE,
    );
  }
  const emitters = emittersOf(terraform, knowledge, series);
  const exact = exactEmitters(emitters, series);
  if (exact === undefined && emitters.length > 0)
    return unknown(`the dimensions of ${series.name} are known only after apply`, AFTER_APPLY);
  if (exact !== undefined && exact.length > 0) {
    if (exact.some((one) => one.known.invoked === "yes")) return GOOD;
    const names = [...new Set(exact.map((one) => one.name))].join(", ");
    return bad(
      `${describeSeries(series)} is emitted by ${names} only, which nothing invokes; ${consequence(alarm)}`,
      "an emitter that runs",
      "connect the trigger, or remove the alarm",
    );
  }
  const silent = undescribedWriters(terraform, knowledge, series.namespace);
  if (silent.length > 0) {
    return unknown(
      `no described function emits ${describeSeries(series)}, and what ${silent.join(", ")} emits is not described`,
      "describe that function in the knowledge file too, by its Lambda name",
    );
  }
  if (emitters.length > 0) {
    return bad(
      `it watches ${describeSeries(series)}; ${emitters.map(describeEmission).join("; ")}; ${consequence(alarm)}`,
      "the dimensions of an emission, exactly",
      "write the alarm's dimensions as the emitter writes them, or emit a second datum without the extra ones",
    );
  }
  return bad(
    `nothing emits ${describeSeries(series)}; ${consequence(alarm)}`,
    "a metric that some function emits",
    "emit it, or remove the alarm",
  );
}

/**
 * Custom metrics are emitted, with the dimensions the alarm asks for. Stacks made of our constructs are held to this by
 * `chain-emitter`, from their contract.
 */
export const customMetricEmitted: Rule = {
  id: "custom-metric-emitted",
  group: "cannot-fire",
  severity: "error",
  statement: "Every custom metric an alarm watches is emitted with exactly those dimensions.",
  why: "An alarm on a metric nobody emits rests in OK, INSUFFICIENT_DATA or ALARM for ever.",
  judge(input) {
    if (input.promises !== undefined && input.knowledge === undefined) return [];
    return metricAlarms(input.terraform).flatMap((alarm) =>
      judged(
        alarm.resource,
        alarm.series.map((series) => look(input, alarm, series)),
      ),
    );
  },
};
