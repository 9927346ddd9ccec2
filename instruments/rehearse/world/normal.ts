import { type Alarm, isComposite, type MetricAlarm, type MetricRef, metricKey } from "../../cloudwatch";
import type { Feed } from "./emitters";
import type { FunctionFacts } from "./functions";
import type { Role, SeriesFacts } from "./series-facts";

/** Share of its timeout a function uses on a normal day. */
const NORMAL_DURATION = 0.3;
/** Share of its memory a function uses on a normal day. */
const NORMAL_MEMORY = 0.4;

const BAD_NAME =
  /error|fail|fault|throttl|drop|reject|skip|timeout|dead|miss|5xx|4xx|stuck|open|alert|loss|drift|skew|incomplete|unprocessed/i;

/** The alarms that compare this very metric, without metric math. */
function watchers(ref: MetricRef, alarms: readonly Alarm[]): readonly MetricAlarm[] {
  const key = metricKey(ref);
  return alarms.filter(
    (one): one is MetricAlarm =>
      !isComposite(one) && one.signal.kind === "metric" && metricKey(one.signal.metric) === key,
  );
}

function isSum(alarm: MetricAlarm): boolean {
  return alarm.signal.kind === "metric" && ["Sum", "SampleCount"].includes(alarm.signal.statistic);
}

function includesThreshold(alarm: MetricAlarm): boolean {
  return alarm.comparison === "LessThanOrEqualToThreshold";
}

/** What one sample must stay below and above so that no alarm on it breaches. */
function room(alarms: readonly MetricAlarm[], everySeconds: number) {
  const perSample = (one: MetricAlarm) =>
    isSum(one) ? one.threshold / Math.max(1, one.periodSeconds / everySeconds) : one.threshold;
  const high = alarms.filter((one) => one.comparison.startsWith("Greater")).map(perSample);
  const low = alarms.filter((one) => one.comparison.startsWith("Less")).map(perSample);
  return {
    high: high.length > 0 ? Math.min(...high) : undefined,
    low: low.length > 0 ? Math.max(...low) : undefined,
    counted: alarms.every(isSum),
  };
}

function guess(ref: MetricRef, alarms: readonly Alarm[], feed: Feed): number {
  const own = watchers(ref, alarms);
  const { high, low, counted } = room(own, feed.everySeconds);
  if (high !== undefined && low !== undefined) return (high + low) / 2;
  if (low !== undefined) return low < 1 || (low === 1 && !own.some(includesThreshold)) ? 1 : 2 * low;
  if (high !== undefined) {
    if (high > 0) return counted ? 0 : high / 2;
    return high === 0 && own.every((one) => one.comparison !== "GreaterThanOrEqualToThreshold")
      ? 0
      : high - 1;
  }
  return [ref.name, ...Object.values(ref.dimensions)].some((one) => BAD_NAME.test(one)) ? 0 : 1;
}

function roleOf(ref: MetricRef, alarms: readonly Alarm[]): Role {
  if (ref.namespace === "AWS/Lambda") {
    if (ref.name === "Invocations") return "invocations";
    if (ref.name === "Errors") return "errors";
    if (ref.name === "Throttles") return "throttles";
    if (ref.name === "Duration") return "duration";
  }
  if (ref.namespace === "AWS/SQS" && ref.name.startsWith("ApproximateNumber")) return "queue";
  if (ref.namespace === "AWS/Billing" || /cost|charges/i.test(ref.name)) return "cost";
  const own = watchers(ref, alarms);
  if (
    own.some((one) => one.comparison.startsWith("Less")) &&
    !own.some((one) => one.comparison.startsWith("Greater"))
  )
    return "proof-of-life";
  return own.length === 0 || own.every(isSum) ? "counter" : "gauge";
}

type Value = Pick<SeriesFacts, "role" | "normal" | "limit" | "limitedBy">;

const UNLIMITED = { limit: Number.POSITIVE_INFINITY, limitedBy: "" };

/** What a metric is on a normal, quiet day, and the most one sample can reach. */
export function valuesOf(
  ref: MetricRef,
  alarms: readonly Alarm[],
  feed: Feed,
  fn: FunctionFacts | undefined,
): Value {
  const role = roleOf(ref, alarms);
  if (role === "invocations") return { role, normal: 1, limit: 1, limitedBy: "each run counts once" };
  if (role === "errors") return { role, normal: 0, limit: 1, limitedBy: "each attempt fails once" };
  if (role === "throttles") return { role, normal: 0, ...UNLIMITED };
  const own = watchers(ref, alarms);
  const { high } = room(own, feed.everySeconds);
  const calm = high === undefined || own.every(isSum) || high <= 0 ? Number.POSITIVE_INFINITY : high / 2;
  if (fn !== undefined && role === "duration") {
    const limitedBy = `the timeout of ${fn.name}, ${fn.timeoutMs} ms`;
    const normal = Math.min(NORMAL_DURATION * fn.timeoutMs, calm);
    return { role, normal, limit: fn.timeoutMs, limitedBy };
  }
  if (fn !== undefined && /memory/i.test(ref.name) && feed.log?.fromLine === true) {
    const limitedBy = `the memory of ${fn.name}, ${fn.memoryMb} MB`;
    const normal = Math.min(NORMAL_MEMORY * fn.memoryMb, calm);
    return { role: "gauge", normal, limit: fn.memoryMb, limitedBy };
  }
  const normal = guess(ref, alarms, feed);
  if (feed.log !== undefined && !feed.log.fromLine) return { role, normal: feed.log.otherwise, ...UNLIMITED };
  if (feed.aws?.silentWhenIdle === true && normal === 0) return { role, normal: undefined, ...UNLIMITED };
  if (feed.aws?.unit === "Percent" || /percent|percentage/i.test(ref.name))
    return { role, normal, limit: 100, limitedBy: "a percentage ends at 100" };
  if (feed.aws?.largestSample !== undefined && !(own.length > 0 && own.every(isSum))) {
    const { largestSample: limit } = feed.aws;
    return {
      role,
      normal: Math.min(normal, limit),
      limit,
      limitedBy: `AWS publishes at most ${limit} per sample`,
    };
  }
  return { role, normal, ...UNLIMITED };
}
