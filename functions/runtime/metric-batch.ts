import { type MetricDatum, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { type DimensionsOf, type MetricName, RELIABILITY_NAMESPACE } from "../../contract/metrics";
import type { CommonConfig } from "./config";
import { dataOf, seriesKey, zerosOf } from "./metric-data";

/** The dimensions argument of `emit`: required exactly when the metric is split by a closed dimension. */
type DimensionArguments<M extends MetricName> = keyof DimensionsOf<M> extends never
  ? []
  : [dimensions: DimensionsOf<M>];

/** What CloudWatch takes of one distribution in one datum (PutMetricData). */
const VALUES_PER_DATUM = 150;

interface Entry {
  readonly datum: MetricDatum;
  /** How often each value was emitted; of a count only the sum is kept, of a ratio the last. */
  readonly values: ReadonlyMap<number, number>;
}

function merged(datum: MetricDatum, value: number, before: Entry | undefined): Entry {
  const values = new Map(datum.Unit === "Milliseconds" ? before?.values : []);
  if (datum.Unit === "Milliseconds") {
    const rounded = Math.round(value);
    values.set(rounded, (values.get(rounded) ?? 0) + 1);
  } else if (datum.Unit === "Count") {
    const [sum = 0] = before?.values.keys() ?? [];
    values.set(sum + value, 1);
  } else {
    values.set(value, 1);
  }
  return { datum, values };
}

function written({ datum: { Value: _, ...rest }, values }: Entry): readonly MetricDatum[] {
  const pairs = [...values];
  const [first] = pairs;
  if (first !== undefined && pairs.length === 1 && first[1] === 1) return [{ ...rest, Value: first[0] }];
  const data: MetricDatum[] = [];
  for (let start = 0; start < pairs.length; start += VALUES_PER_DATUM) {
    const some = pairs.slice(start, start + VALUES_PER_DATUM);
    data.push({ ...rest, Values: some.map(([value]) => value), Counts: some.map(([, count]) => count) });
  }
  return data;
}

/** Collects metrics until they are sent in one call. */
export class MetricBatch {
  readonly #config: CommonConfig;
  #entries = new Map<string, Entry>();
  #withheld = new Set<MetricName>();

  constructor(config: CommonConfig) {
    this.#config = config;
  }

  /**
   * Adds to the batch. Counts of one series add up; durations keep every value, rounded to a millisecond; of ratios the
   * last value stays.
   *
   * The name must be a string literal: `modules/emissions.ts` reads the calls in the shipped bundle to prove that
   * every metric of the contract has an emitter.
   *
   * @param name a metric of the contract that this service owns
   * @param value in the metric's unit
   * @throws Error as {@link dataOf}
   */
  emit<M extends MetricName>(name: M, value: number, ...dimensions: DimensionArguments<M>): void {
    for (const datum of dataOf(this.#config, name, value, dimensions[0] ?? {})) {
      const key = seriesKey(datum);
      this.#entries.set(key, merged(datum, value, this.#entries.get(key)));
    }
  }

  /** Leaves a counter out of the next batch: its value is unknown, and a zero would say that all is well. */
  withhold(name: MetricName): void {
    this.#withheld.add(name);
  }

  /** Takes everything emitted since the last call, zeros for counters that were not; the batch is empty then. */
  take(): readonly MetricDatum[] {
    const zeros = zerosOf(this.#config, this.#withheld);
    return this.#taken(new Map(zeros.map((datum) => [seriesKey(datum), [datum]])));
  }

  /** Takes what was emitted and nothing else, where a zero would be a claim about what nobody looked at. */
  takeEmitted(): readonly MetricDatum[] {
    return this.#taken(new Map());
  }

  #taken(batch: Map<string, readonly MetricDatum[]>): readonly MetricDatum[] {
    for (const [key, entry] of this.#entries) batch.set(key, written(entry));
    this.#entries = new Map();
    this.#withheld = new Set();
    return [...batch.values()].flat();
  }
}

/** The names of the metrics in some data, each once. */
export function namesIn(data: readonly MetricDatum[]): readonly string[] {
  return [...new Set(data.map((datum) => datum.MetricName ?? ""))];
}

/** One `PutMetricData` call with all the data, stamped with one time, the current one by default. */
export function putCommand(data: readonly MetricDatum[], Timestamp = new Date()): PutMetricDataCommand {
  const MetricData = data.map((datum) => ({ ...datum, Timestamp }));
  return new PutMetricDataCommand({ Namespace: RELIABILITY_NAMESPACE, MetricData });
}
