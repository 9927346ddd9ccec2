import { type MetricData, type MetricRef, type MetricSeries, metricKey, seriesFrom } from "../cloudwatch";
import { describeRef } from "../rehearse/world/series-facts";
import { InputError } from "../terraform-file";

/** One datapoint of a baseline and where it stands. */
export interface BaselinePoint {
  /** Epoch ms. */
  readonly timestamp: number;
  readonly value: number;
  /** Line or key, for messages. */
  readonly place: string;
}

/** What one metric was while the system was well. */
export interface BaselineSeries {
  readonly metric: MetricRef;
  readonly points: readonly BaselinePoint[];
  /** Line or key of its first mention, for messages. */
  readonly place: string;
}

/** The largest baseline file that is read, bytes: 128 MiB. */
export const MAX_BASELINE_BYTES = 128 * 1024 * 1024;

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Epoch ms of an ISO 8601 text with a time zone or of epoch ms; `undefined` for anything else. */
export function timestampOf(value: unknown): number | undefined {
  if (typeof value === "string" && ISO.test(value)) {
    const time = Date.parse(value);
    return Number.isNaN(time) || time < 0 ? undefined : time;
  }
  const number = typeof value === "string" && /^\d{10,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) return undefined;
  return number >= EARLIEST_MS && number <= LATEST_MS ? number : undefined;
}

/** 2001-09-09: smaller numbers are seconds by mistake. */
const EARLIEST_MS = 1e12;
/** The year 5138: larger numbers are no epoch ms. */
const LATEST_MS = 1e14;

/** How messages describe a timestamp. */
export const TIMESTAMP_WORDS = "an ISO 8601 time with a zone, or whole ms since the epoch";

function ordered(file: string, { points }: BaselineSeries): void {
  for (let i = 1; i < points.length; i++) {
    const before = points[i - 1] as BaselinePoint;
    const point = points[i] as BaselinePoint;
    if (point.timestamp > before.timestamp) continue;
    const time = new Date(point.timestamp).toISOString();
    throw new InputError(
      `${file}: ${point.place}`,
      point.timestamp === before.timestamp ? `${time} a second time` : `${time} after a later time`,
      "each metric's datapoints in order of time, one a time",
      "sort the file by timestamp and keep one value a minute and metric",
    );
  }
}

function loaded(file: string, one: BaselineSeries): MetricSeries {
  ordered(file, one);
  const series = seriesFrom(one.points);
  if (series.kind === "series") return series;
  const place = one.points[series.index]?.place ?? one.place;
  throw new InputError(
    `${file}: ${place}`,
    series.message,
    "a datapoint CloudWatch accepts",
    "export the metric again",
  );
}

/**
 * The metrics of a baseline as alarms read them.
 *
 * @param file named in messages
 * @throws InputError on datapoints out of order, two of one time, a metric given twice, or none at all
 */
export function metricDataOf(file: string, series: readonly BaselineSeries[]): MetricData {
  const data = new Map<string, MetricSeries>();
  for (const one of series) {
    const key = metricKey(one.metric);
    if (data.has(key)) {
      const found = `${describeRef(one.metric)} a second time`;
      throw new InputError(`${file}: ${one.place}`, found, "each metric once", "merge the two series");
    }
    data.set(key, loaded(file, one));
  }
  if (![...series].some((one) => one.points.length > 0))
    throw new InputError(file, "no datapoint", "datapoints of at least one metric", "export it again");
  return data;
}
