import { ALERTS } from "../../contract/mail";
import { SPANS } from "../../contract/spans";
import { RESOLUTIONS, type Resolution } from "../../contract/tables";
import type { Runtime } from "../runtime/handler";
import { annotate, traced } from "../runtime/tracing";
import { addToBucket, type ScoreRange } from "./bucket";
import type { AnalysisRequest } from "./request";
import type { Score } from "./score";

/** Below this many remaining milliseconds no further bucket is started (TRC-10). */
const DEADLINE_MS = 5000;

const ALL_RESOLUTIONS = Object.keys(RESOLUTIONS) as readonly Resolution[];

/** Some buckets lack the item. */
class PartialFanoutError extends Error {
  override readonly name = "PartialFanoutError";
}

/** What one ticker's buckets came to. */
interface TickerOutcome {
  readonly failed: readonly Resolution[];
  readonly errors: readonly unknown[];
  /** Range of the bucket that volatility rules look at; `undefined` when it was not written. */
  readonly range: ScoreRange | undefined;
}

/** What the fan-out of an item came to. */
export interface Fanned {
  /** True when every bucket has the item. */
  readonly complete: boolean;
  /** By ticker, the range of the bucket that volatility rules look at, where it was written. */
  readonly ranges: ReadonlyMap<string, ScoreRange>;
}

/**
 * Adds a scored item to the six buckets of each of its tickers. Buckets that could not be written, or for which no
 * time was left, are reported as `fanout_partial_write` (D17); the item stays analyzed.
 *
 * @param remainingMs milliseconds the invocation has left
 * @returns what was written; never throws
 */
export async function fanOut(
  runtime: Runtime<"analysis">,
  request: AnalysisRequest,
  score: Score,
  remainingMs: () => number,
): Promise<Fanned> {
  const ranges = new Map<string, ScoreRange>();
  const writeAll = async (): Promise<boolean> => {
    const outcomes: TickerOutcome[] = [];
    for (const ticker of request.matched_tickers) {
      const outcome = await writeTicker(runtime, ticker, request, score, remainingMs);
      outcomes.push(outcome);
      if (outcome.range !== undefined) ranges.set(ticker, outcome.range);
    }
    const failed = outcomes.flatMap((outcome) => outcome.failed);
    if (failed.length === 0) return true;
    const resolutions = [...new Set(failed)].join(",");
    annotate("unprocessed_count", failed.length);
    annotate("failed_buckets", resolutions);
    throw partialFanout(failed.length, resolutions, outcomes);
  };
  const guarded = () => runtime.silentFailures.guard("fanout_partial_write", writeAll, false);
  return { complete: await traced(SPANS.fanout, guarded), ranges };
}

function partialFanout(count: number, resolutions: string, outcomes: readonly TickerOutcome[]): Error {
  const [first] = outcomes.flatMap((outcome) => outcome.errors);
  const cause = first instanceof Error ? `${first.name}: ${first.message}` : "no time was left";
  return new PartialFanoutError(`${count} buckets were not written (${resolutions}); first cause: ${cause}`);
}

async function writeTicker(
  { config, logger }: Runtime<"analysis">,
  ticker: string,
  request: AnalysisRequest,
  score: Score,
  remainingMs: () => number,
): Promise<TickerOutcome> {
  const publishedAt = new Date(request.published_at);
  const table = config.variables.TIMESERIES_TABLE;
  const write = async (): Promise<TickerOutcome> => {
    const failed: Resolution[] = [];
    const errors: unknown[] = [];
    let range: ScoreRange | undefined;
    for (const [completed, resolution] of ALL_RESOLUTIONS.entries()) {
      if (remainingMs() < DEADLINE_MS) {
        annotate("flush_reason", "deadline");
        annotate("resolutions_completed", completed - failed.length);
        failed.push(...ALL_RESOLUTIONS.slice(completed));
        break;
      }
      try {
        const entry = { ticker, resolution, publishedAt, score, sourceId: request.source_id };
        const bucket = await addToBucket(entry, table, Date.now());
        if (resolution === ALERTS.volatilityResolution) range = bucket;
      } catch (error) {
        logger.warn("bucket not written", { ticker, resolution }, error);
        failed.push(resolution);
        errors.push(error);
      }
    }
    annotate("failed_buckets", failed.join(","));
    return { failed, errors, range };
  };
  const stored = Date.parse(request.created_at);
  return traced(SPANS.tickerBuckets, write, {
    ticker_symbol: ticker,
    ingestion_duration_ms: Math.round(stored - publishedAt.getTime()),
  });
}
