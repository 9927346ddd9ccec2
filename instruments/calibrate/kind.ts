import { awsMetric } from "../../policies/aws-metrics";
import { type Alarm, isComposite, type MetricAlarm } from "../cloudwatch";

/** How the threshold of an alarm is proposed, or why it is left as it is. */
export type Kind =
  | { readonly kind: "latency" | "level"; readonly alarm: MetricAlarm }
  | { readonly kind: "kept"; readonly why: string };

const MILLISECONDS = /(Ms|Millis|Milliseconds|Latency|Duration)$/;

function isLatency(alarm: MetricAlarm): boolean {
  if (alarm.signal.kind !== "metric") return false;
  const { namespace, name } = alarm.signal.metric;
  const unit = awsMetric(namespace, name)?.unit;
  return unit === undefined ? MILLISECONDS.test(name) : unit === "Milliseconds";
}

/** Sorts an alarm: a latency, a count or ratio that may be too high, or one a baseline says nothing about. */
export function kindOf(alarm: Alarm): Kind {
  const kept = (why: string): Kind => ({ kind: "kept", why });
  if (isComposite(alarm)) return kept("a composite alarm has no threshold");
  const namespaces =
    alarm.signal.kind === "metric"
      ? [alarm.signal.metric.namespace]
      : alarm.signal.queries.flatMap((one) => ("metric" in one ? [one.metric.namespace] : []));
  if (namespaces.includes("AWS/Billing")) return kept("a bill is held to a budget, not to past bills");
  if (alarm.treatMissingData === "breaching")
    return kept("silence alarms here: it proves life, and a baseline of a living system says nothing");
  if (!alarm.comparison.startsWith("Greater"))
    return kept("it alarms when there is too little, which is a promise and no habit");
  return { kind: isLatency(alarm) ? "latency" : "level", alarm };
}
