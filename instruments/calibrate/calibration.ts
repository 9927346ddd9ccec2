import { highest } from "../../policies/rules/bounds";
import { metricAlarms, singleSeries } from "../../policies/rules/series";
import type { TerraformModel } from "../../policies/terraform/model";
import { isCouldNotEvaluate, type MetricAlarm, type MetricData } from "../cloudwatch";
import { rehearsedAlarms } from "../rehearse/alarms";
import { type Change, lossesOf } from "./detection";
import { falsePages } from "./false-pages";
import { kindOf } from "./kind";
import { observed } from "./observed";
import { latencyThreshold, levelThreshold, percentile, tooLittle } from "./rules";

/** A threshold that a baseline suggests. */
export interface Proposal {
  readonly name: string;
  readonly address: string;
  readonly old: number;
  readonly threshold: number;
  readonly why: string;
  /** Pages per 30 days of the baseline with the old threshold; absent when the alarm could not be evaluated. */
  readonly oldFalsePages: number | undefined;
  /** The same with the new threshold. */
  readonly newFalsePages: number | undefined;
  /** Faults of the shipped scenarios that nobody would notice any more. */
  readonly lost: readonly string[];
  /** Why it is not recommended; absent when it is. */
  readonly against?: string;
}

/** An alarm without a proposal, and why. */
export interface Named {
  readonly name: string;
  readonly why: string;
}

/** What a baseline says about the alarms of a file. */
export interface Calibration {
  readonly file: string;
  readonly proposals: readonly Proposal[];
  /** Left as they are on purpose. */
  readonly kept: readonly Named[];
  /** Could not be calibrated. */
  readonly refused: readonly Named[];
}

type Draft = Omit<Proposal, "lost" | "against"> & { readonly usual?: NonNullable<Change["usual"]> };

function draftOf(
  terraform: TerraformModel,
  address: string,
  kind: { readonly kind: "latency" | "level"; readonly alarm: MetricAlarm },
  data: MetricData,
): Draft | string {
  const { alarm } = kind;
  const seen = observed(alarm, data);
  if (isCouldNotEvaluate(seen)) return `${seen.what}: ${seen.why}`;
  const missing = tooLittle(alarm, seen);
  if (missing !== undefined) return missing;
  const read = metricAlarms(terraform).find((one) => one.resource.address === address);
  const series = read === undefined ? undefined : singleSeries(read);
  const bound = series === undefined ? undefined : highest(terraform, series);
  const known = bound === "unknown" ? undefined : bound;
  const { threshold, why } =
    kind.kind === "latency" ? latencyThreshold(seen.values, known) : levelThreshold(alarm, seen.values);
  const oldFalsePages = falsePages(alarm, data, seen);
  const newFalsePages = falsePages({ ...alarm, threshold }, data, seen);
  if (oldFalsePages === undefined || newFalsePages === undefined)
    return "the evaluator refuses it; tracewright rehearse says why";
  const draft = {
    name: alarm.name,
    address,
    old: alarm.threshold,
    threshold,
    why,
    oldFalsePages,
    newFalsePages,
  };
  if (kind.kind === "level" || alarm.signal.kind !== "metric") return draft;
  return { ...draft, usual: { metric: alarm.signal.metric, value: percentile(seen.values, 50) } };
}

function against({ newFalsePages, oldFalsePages }: Draft, lost: readonly string[]): string | undefined {
  if (lost.length > 0) return `nobody would notice ${lost.join(", ")}`;
  const more = (newFalsePages ?? 0) > (oldFalsePages ?? 0);
  return more ? "it would page more often than now while nothing is wrong" : undefined;
}

/** Proposes a threshold for every alarm that a baseline says something about. */
export function calibrate(
  file: string,
  terraform: TerraformModel,
  dataFor: (alarm: MetricAlarm) => MetricData,
): Calibration {
  const { readable, unreadable } = rehearsedAlarms(terraform);
  const drafts: Draft[] = [];
  const kept: Named[] = [];
  const refused: Named[] = unreadable.map(({ name, why }) => ({ name, why }));
  for (const { alarm, address } of readable) {
    const kind = kindOf(alarm);
    if (kind.kind === "kept") {
      kept.push({ name: alarm.name, why: kind.why });
      continue;
    }
    const draft = draftOf(terraform, address, kind, dataFor(kind.alarm));
    if (typeof draft === "string") refused.push({ name: alarm.name, why: draft });
    else if (draft.threshold !== draft.old) drafts.push(draft);
    else kept.push({ name: alarm.name, why: `${draft.why}; ${draft.oldFalsePages} false pages in 30 days` });
  }
  const losses = lossesOf(
    file,
    terraform,
    drafts.filter((one) => against(one, []) === undefined),
  );
  const proposals = drafts.map((draft): Proposal => {
    const lost = losses.get(draft.name) ?? [];
    const reason = against(draft, lost);
    const { usual: _usual, ...shown } = draft;
    return { ...shown, lost, ...(reason === undefined ? {} : { against: reason }) };
  });
  return { file, proposals, kept, refused };
}
