import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** An article as analysis leaves it in the table of items. */
export type AnalyzedItem = Readonly<Record<string, unknown>>;

/** The companies of the news. */
export const TICKERS = ["AAPL", "AMZN", "GOOGL", "META", "MSFT", "NVDA", "TSLA"] as const;
/** Scores between these count as neither. */
const NEUTRAL = 0.15;

function labelOf(score: number): string {
  if (score > NEUTRAL) return "positive";
  return score < -NEUTRAL ? "negative" : "neutral";
}

/** A made-up article about a company, analyzed at this moment. @param score −1 to 1 */
export function analyzedItem(ticker: string, score: number, at = Date.now()): AnalyzedItem {
  const time = new Date(at).toISOString();
  return {
    source_id: `dedup:${createHash("md5").update(randomUUID()).digest("hex")}`,
    timestamp: time,
    status: "analyzed",
    sentiment: labelOf(score),
    score: Math.round(score * 1e4) / 1e4,
    matched_tickers: [ticker],
    headline: `${ticker} in the news`,
    published_at: time,
    analyzed_at: time,
    created_at: time,
  };
}

/** Keeps writing made-up articles, each company's mood wandering by itself. */
export class News {
  readonly #write: (item: AnalyzedItem) => Promise<void>;
  readonly #stopped = new AbortController();
  readonly #moods = new Map<string, number>(
    TICKERS.map((ticker, index) => [ticker, ((index % 3) - 1) * 0.5]),
  );
  readonly #done: Promise<void>;

  /**
   * Starts at once.
   *
   * @param write stores an article
   * @param everyMs milliseconds between two articles
   */
  constructor(write: (item: AnalyzedItem) => Promise<void>, everyMs: number) {
    this.#write = write;
    this.#done = this.#run(everyMs);
    // Told by stop(); until then a failed write is no reason to end the program.
    this.#done.catch(() => undefined);
  }

  /** Ends it. @throws what made it end before */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#done;
  }

  async #run(everyMs: number): Promise<void> {
    for (;;) {
      try {
        await sleep(everyMs, undefined, { signal: this.#stopped.signal });
      } catch {
        return;
      }
      const ticker = TICKERS[Math.floor(Math.random() * TICKERS.length)] ?? TICKERS[0];
      const before = this.#moods.get(ticker) ?? 0;
      const score = Math.max(-1, Math.min(1, before + (Math.random() - 0.5) * 0.6));
      this.#moods.set(ticker, score);
      try {
        await this.#write(analyzedItem(ticker, score));
      } catch (error) {
        // Ctrl-C ends the table's emulator too.
        if (!this.#stopped.signal.aborted) throw error;
      }
    }
  }
}
