import { type Attributes, createNoopMeter, type Meter, type MeterProvider } from "@opentelemetry/api";
import { reportOverflow } from "./diagnostics";

/** What became of the spans of this process. */
export interface SpanCounts {
  /** Sampled spans that were started. */
  readonly created: number;
  /** Started and not ended. */
  readonly open: number;
  /** Accepted by the collector. */
  readonly exported: number;
  /** Given up by the exporter. */
  readonly failed: number;
  /** Refused by the full queue. */
  readonly dropped: number;
  /** Ended and neither exported nor lost yet. */
  readonly pending: number;
}

type Count = "created" | "open" | "exported" | "failed" | "dropped";

/** Which count a measurement of the SDK's own metrics belongs to. */
function countOf(metric: string, attributes: Attributes): Count | undefined {
  switch (metric) {
    case "otel.sdk.span.started":
      return attributes["otel.span.sampling_result"] === "RECORD_AND_SAMPLE" ? "created" : undefined;
    case "otel.sdk.span.live":
      return attributes["otel.span.sampling_result"] === "RECORD_AND_SAMPLE" ? "open" : undefined;
    case "otel.sdk.processor.span.processed":
      if (attributes["error.type"] === undefined) return "exported";
      return attributes["error.type"] === "queue_full" ? "dropped" : "failed";
    default:
      return undefined;
  }
}

/** Adds up the SDK's own metrics, so that every span is accounted for without reading log prose. */
export class SpanLedger implements MeterProvider {
  readonly #counts: Record<Count, number> = { created: 0, open: 0, exported: 0, failed: 0, dropped: 0 };
  #reportedDrops = 0;
  #announced = false;

  /** A meter that feeds this ledger. */
  getMeter(): Meter {
    const meter = createNoopMeter();
    const instrument = (metric: string) => ({
      add: (value: number, attributes: Attributes = {}) => this.#add(countOf(metric, attributes), value),
    });
    meter.createCounter = instrument;
    meter.createUpDownCounter = instrument;
    return meter;
  }

  /** The counts since the process started. */
  get counts(): SpanCounts {
    const { created, open, exported, failed, dropped } = this.#counts;
    return { ...this.#counts, pending: created - open - exported - failed - dropped };
  }

  /** Writes the drops no line has told of yet; between two calls only the first drop is reported at once. */
  reportDrops(): void {
    this.#announced = false;
    const fresh = this.#counts.dropped - this.#reportedDrops;
    if (fresh === 0) return;
    this.#reportedDrops += fresh;
    reportOverflow(fresh);
  }

  #add(count: Count | undefined, value: number): void {
    if (count === undefined) return;
    this.#counts[count] += value;
    if (count !== "dropped" || this.#announced) return;
    this.reportDrops();
    this.#announced = true;
  }
}
