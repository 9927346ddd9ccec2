import { evaluateAlarm, type MetricAlarm, type MetricData, metricKey } from "../cloudwatch";
import { metricsOf } from "./alarms";

/** Evaluates one metric alarm. */
export type Evaluate = typeof evaluateAlarm;

/**
 * An evaluator that remembers alarms whose metrics are as they are when nothing happens, by range and options. A scenario
 * changes few metrics, and every composite alarm wants the states of all its children anew.
 *
 * @param quiet what every metric is when nothing happens; another series of the same metric is evaluated each time
 */
export function rememberingQuiet(quiet: MetricData): Evaluate {
  const known = new Map<MetricAlarm, Map<string, ReturnType<Evaluate>>>();
  return (alarm, data, range, options) => {
    const changed = metricsOf(alarm)
      .map(metricKey)
      .some((key) => data.get(key) !== quiet.get(key));
    if (changed) return evaluateAlarm(alarm, data, range, options);
    const own = known.get(alarm) ?? new Map<string, ReturnType<Evaluate>>();
    known.set(alarm, own);
    const key = JSON.stringify([range, options]);
    const history = own.get(key) ?? evaluateAlarm(alarm, data, range, options);
    own.set(key, history);
    return history;
  };
}
