import type { MetricAlarm } from "../../cloudwatch";
import { describeRef, type SeriesFacts } from "../world/series-facts";
import { EPOCH_MS, SLOT_MS } from "../world/track";
import { type Bench, stateAt, type Trial } from "./trial";
import type { FireVerdict } from "./verdict";

type Cannot = Extract<FireVerdict, { kind: "cannot" }>;

function cannot(reason: Cannot["reason"], why: string): Cannot {
  return { kind: "cannot", reason, why };
}

/** Why an alarm has no quiet state in OK; `undefined` when it has. */
export function restlessness(
  alarm: MetricAlarm,
  bench: Bench,
  quiet: Trial,
  watched: readonly SeriesFacts[],
): Cannot | undefined {
  const hourly = alarm.periodSeconds * alarm.evaluationPeriods > 86_400;
  const settled = bench.range.startMs + (hourly ? 61 : 2) * SLOT_MS;
  const faultMs = EPOCH_MS + bench.lead * SLOT_MS;
  const later = quiet.transitions.filter((one) => one.timeMs > settled).map((one) => one.to);
  const states = new Set([stateAt(quiet.transitions, settled), ...later]);
  const missing = watched.find((one) => one.never !== undefined);
  if (states.size === 1 && states.has("OK")) return undefined;
  if (states.size === 1 && states.has("ALARM")) {
    const why =
      missing?.never !== undefined && alarm.treatMissingData === "breaching"
        ? `${missing.never}, and missing data is breaching`
        : `it breaches on a normal day (${quiet.transitions[0]?.reason ?? ""}); normal and eventsPerMinute of a scenario file say what is normal`;
    return cannot("rests-in-alarm", `stuck in ALARM: ${why}`);
  }
  if (states.size === 1) {
    const idle = watched.find((one) => one.normal === undefined);
    const why =
      missing?.never ??
      (idle === undefined
        ? "no datapoint reaches it while all is well"
        : `${describeRef(idle.ref)} is published only when something happens`);
    return cannot(
      missing ? "never-arrives" : "rests-in-insufficient-data",
      `${why}: it rests in INSUFFICIENT_DATA`,
    );
  }
  const slow = watched.find((one) => one.everySeconds > alarm.periodSeconds);
  const why =
    slow === undefined
      ? `on a normal day it goes through ${[...states].join(", ")} (now ${stateAt(quiet.transitions, faultMs)})`
      : `its metric comes every ${slow.everySeconds} s and its period is ${alarm.periodSeconds} s: it falls out of OK between runs`;
  return cannot("flaps", why);
}

/** What was tried in vain. */
export interface Vain {
  readonly tries: number;
  /** True when a series raised the alarm and it never came back. */
  readonly stuck: boolean;
  /** The value closest to breaching that the signal took. */
  readonly reached: number | undefined;
}

function breaches({ comparison, threshold }: MetricAlarm, value: number): boolean {
  if (value === threshold) return comparison.includes("OrEqual");
  return comparison.startsWith("Greater") === value > threshold;
}

/** Why no series tried raises an alarm that rests in OK. */
export function whyNothing(alarm: MetricAlarm, watched: readonly SeriesFacts[], vain: Vain): Cannot {
  const missing = watched.find((one) => one.never !== undefined);
  if (missing?.never !== undefined) return cannot("never-arrives", missing.never);
  if (vain.stuck) return cannot("never-recovers", "it stays in ALARM after the fault has ended");
  const [only] = watched;
  const { threshold, signal, comparison } = alarm;
  if (vain.reached !== undefined && breaches(alarm, vain.reached)) {
    const why = `its signal reaches ${vain.reached}, but too few breaching datapoints arrive before it is evaluated`;
    return cannot("nothing-raises-it", why);
  }
  const most =
    vain.reached === undefined ? "" : `; the closest it gets is ${Math.round(vain.reached * 1000) / 1000}`;
  if (signal.kind === "metric" && only !== undefined && Number.isFinite(only.limit)) {
    const what = `threshold ${threshold} is out of reach of ${signal.statistic} ${only.ref.name}`;
    return cannot("out-of-reach", `${what}: ${only.limitedBy}${most}`);
  }
  const why = `none of ${vain.tries} realistic series takes it to ${comparison} ${threshold}${most}`;
  return cannot("nothing-raises-it", why);
}
