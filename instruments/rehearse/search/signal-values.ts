import { isCouldNotEvaluate, type MetricAlarm, type MetricData } from "../../cloudwatch";
import { type Layout, metricValues } from "../../cloudwatch/metric";
import { compileMath, evaluateMath } from "../../cloudwatch/metric-math/evaluator";
import { EPOCH_MS, SLOT_MS, SLOT_SECONDS } from "../world/track";

/** What an alarm compares with its threshold, at the end of every slot; NaN without data. For plots. */
export function signalValues(alarm: MetricAlarm, data: MetricData, slots: number): Float64Array {
  const { signal, periodSeconds } = alarm;
  const layout: Layout = {
    grid: { startMs: EPOCH_MS, slotMs: SLOT_MS, length: slots },
    stride: periodSeconds / SLOT_SECONDS,
    lagSlots: 0,
    range: alarm.evaluationPeriods,
    periodSeconds,
  };
  const empty = () => new Float64Array(slots).fill(Number.NaN);
  if (signal.kind === "metric") {
    const values = metricValues(signal.metric, signal.statistic, data, layout);
    return isCouldNotEvaluate(values) ? empty() : values.full;
  }
  const metrics = new Map<string, Float64Array>();
  const expressions = new Map<string, string>();
  for (const query of signal.queries) {
    if ("expression" in query) {
      expressions.set(query.id, query.expression);
      continue;
    }
    const values = metricValues(query.metric, query.statistic, data, layout);
    if (isCouldNotEvaluate(values)) return empty();
    metrics.set(query.id, values.full);
  }
  const program = compileMath(expressions);
  if (isCouldNotEvaluate(program)) return empty();
  const frame = {
    length: slots,
    periodSeconds,
    metrics,
    missingOperand: "zero" as const,
    looksAlongTime: false,
  };
  const value = evaluateMath(program, signal.returns, frame);
  return isCouldNotEvaluate(value) || value.kind !== "series" ? empty() : value.values;
}
