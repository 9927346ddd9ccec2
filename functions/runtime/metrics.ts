import { type MetricDatum, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { type DimensionsOf, type MetricName, RELIABILITY_NAMESPACE } from "../../contract/metrics";
import type { ServiceKey } from "../../contract/services";
import { SPANS } from "../../contract/spans";
import { cloudWatch } from "./clients";
import type { Config } from "./config";
import { dataOf, seriesKey, zerosOf } from "./metric-data";
import { writeMetricFallback } from "./metric-fallback";
import { traced } from "./tracing";

/** The dimensions argument of `emit`: required exactly when the metric is split by a closed dimension. */
type DimensionArguments<M extends MetricName> = keyof DimensionsOf<M> extends never
  ? []
  : [dimensions: DimensionsOf<M>];

/** Collects a run's metrics and sends them in one call. */
export class Metrics {
  readonly #config: Config<ServiceKey>;
  #data = new Map<string, MetricDatum>();
  #withheld = new Set<MetricName>();

  constructor(config: Config<ServiceKey>) {
    this.#config = config;
  }

  /**
   * Adds to the run's batch. Counts of one series add up; of other units the last value stays.
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
      const before = datum.Unit === "Count" ? (this.#data.get(key)?.Value ?? 0) : 0;
      this.#data.set(key, { ...datum, Value: before + value });
    }
  }

  /** Leaves a counter out of the next batch: its value is unknown, and a zero would say that all is well. */
  withhold(name: MetricName): void {
    this.#withheld.add(name);
  }

  /**
   * Sends everything emitted since the last flush, zeros for what was not, as one `PutMetricData` inside the
   * `emit_metrics` subsegment (MET-1).
   *
   * @throws whatever CloudWatch answered, after writing the fallback line (SF-3); the batch is gone then
   */
  async flush(): Promise<void> {
    const zeros = zerosOf(this.#config, this.#withheld);
    const batch = new Map(zeros.map((datum) => [seriesKey(datum), datum]));
    for (const [key, datum] of this.#data) batch.set(key, datum);
    this.#data = new Map();
    this.#withheld = new Set();
    const data = [...batch.values()];
    const send = () => putMetricData(data);
    try {
      await traced(SPANS.emitMetrics, send, { metric_count: data.length });
    } catch (error) {
      writeMetricFallback([...new Set(data.map((datum) => datum.MetricName ?? ""))], error);
      throw error;
    }
  }
}

/** One `PutMetricData` call, stamped with the current time; the only place that makes it. */
export async function putMetricData(data: readonly MetricDatum[]): Promise<void> {
  const Timestamp = new Date();
  const MetricData = data.map((datum) => ({ ...datum, Timestamp }));
  await cloudWatch().send(new PutMetricDataCommand({ Namespace: RELIABILITY_NAMESPACE, MetricData }));
}
