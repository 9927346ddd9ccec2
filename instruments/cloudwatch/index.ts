/**
 * CloudWatch alarm evaluation, offline: data in, state transitions out. Pure and deterministic; Node's library only.
 * Start with {@link seriesFrom}, put series into a map under {@link metricKey}, call {@link evaluateAlarms}.
 */
export {
  type AlarmHistory,
  type EvaluationOptions,
  evaluateAlarm,
  type MetricAlarm,
  type StateTransition,
  type TimeRange,
} from "./alarm";
export { type Alarm, type CompositeAlarm, evaluateAlarms, isComposite, type SetEntry } from "./composite";
export { type Datapoint, type SeriesError, type StatisticSet, seriesFrom } from "./datapoint";
export { type MetricData, type MetricRef, metricKey } from "./metric";
export type { AlarmState, TreatMissingData } from "./missing-data";
export { type CouldNotEvaluate, isCouldNotEvaluate } from "./outcome";
export { denseSeries, type MetricSeries } from "./series";
export type { MathQuery, MathSignal, MetricSignal } from "./signal";
export type { Action, Suppression, Suppressor } from "./suppression";
