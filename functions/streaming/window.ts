import { STREAM } from "../../contract/streaming";
import { RESOLUTIONS, type Resolution } from "../../contract/tables";
import { SENTIMENTS, type Sentiment } from "../runtime/sentiment";
import type { Article } from "./article";
import type { Counts, Step, StepEvent } from "./step";

const HOUR_MS = 3_600_000;
const MOST_TAGS = 50;

interface Tally {
  count: number;
  microSum: number;
  readonly labels: Record<Sentiment, number>;
}

function emptyTally(): Tally {
  return { count: 0, microSum: 0, labels: { positive: 0, neutral: 0, negative: 0 } };
}

function add(tally: Tally, { sentiment, microScore }: Article, sign: 1 | -1): void {
  tally.count += sign;
  tally.microSum += sign * microScore;
  tally.labels[sentiment] += sign;
}

/** The most frequent label; of several, the first of {@link SENTIMENTS}. */
function majority({ labels }: Tally): Sentiment {
  return SENTIMENTS.reduce((best, one) => (labels[one] > labels[best] ? one : best));
}

/**
 * The articles of the last 24 hours and what follows from them, moved on step by step. Its state after a step depends
 * on the articles alone, not on when it was made: that is what lets any environment resume any stream (ADR 0021).
 */
export class Window {
  readonly #all = emptyTally();
  readonly #tickers = new Map<string, Tally>();
  /** By the instant they were analyzed. */
  readonly #articles: Article[] = [];
  #oldest = 0;
  #oldestOfHour = 0;
  #end: number;
  #counts: Counts;

  /** @param end where the first step begins, milliseconds since 1970 */
  constructor(end: number) {
    this.#end = end;
    this.#counts = this.#count();
  }

  /** End of the last step. */
  get end(): number {
    return this.#end;
  }

  #count(): Counts {
    const tags = [...this.#tickers].map(([ticker, { count }]): [string, number] => [ticker, count]);
    tags.sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
    return {
      total: this.#all.count,
      ...this.#all.labels,
      by_tag: Object.fromEntries(tags.slice(0, MOST_TAGS)),
      rate_last_hour: this.#articles.length - this.#oldestOfHour,
      rate_last_24h: this.#all.count,
    };
  }

  /** Moves on to `end` with the articles that came in between, and says what happened. */
  advance(end: number, arrived: readonly Article[]): Step {
    const added = [...arrived].sort((a, b) => a.analyzedAt - b.analyzedAt || (a.id < b.id ? -1 : 1));
    this.#end = end;
    for (const article of added) this.#take(article);
    const changed = this.#expire() > 0 || added.length > 0;
    if (changed) this.#counts = this.#count();
    const events: StepEvent[] = changed ? [{ kind: "metrics", counts: this.#counts }] : [];
    return {
      end,
      counts: this.#counts,
      events: [...events, ...this.#sentiments(added), ...bucketsOf(added, end)],
    };
  }

  #take(article: Article): void {
    this.#articles.push(article);
    add(this.#all, article, 1);
    for (const ticker of article.tickers) {
      const tally = this.#tickers.get(ticker) ?? emptyTally();
      add(tally, article, 1);
      this.#tickers.set(ticker, tally);
    }
  }

  /** @returns how many articles left the day, and how many the hour: either changes the counts */
  #expire(): number {
    const before = this.#oldest + this.#oldestOfHour;
    while ((this.#articles[this.#oldest]?.analyzedAt ?? this.#end) <= this.#end - STREAM.windowMs) {
      this.#drop(this.#articles[this.#oldest] as Article);
      this.#oldest += 1;
    }
    this.#oldestOfHour = Math.max(this.#oldestOfHour, this.#oldest);
    while ((this.#articles[this.#oldestOfHour]?.analyzedAt ?? this.#end) <= this.#end - HOUR_MS) {
      this.#oldestOfHour += 1;
    }
    const expired = this.#oldest + this.#oldestOfHour - before;
    if (this.#oldest > 1000 && this.#oldest * 2 > this.#articles.length) {
      this.#articles.splice(0, this.#oldest);
      this.#oldestOfHour -= this.#oldest;
      this.#oldest = 0;
    }
    return expired;
  }

  #drop(article: Article): void {
    add(this.#all, article, -1);
    for (const ticker of article.tickers) {
      const tally = this.#tickers.get(ticker) as Tally;
      add(tally, article, -1);
      if (tally.count === 0) this.#tickers.delete(ticker);
    }
  }

  #sentiments(added: readonly Article[]): readonly StepEvent[] {
    const origins = new Map<string, number>();
    for (const { tickers, analyzedAt } of added)
      for (const ticker of tickers) origins.set(ticker, analyzedAt);
    return [...origins]
      .filter(([ticker]) => this.#tickers.has(ticker))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([ticker, origin]) => {
        const tally = this.#tickers.get(ticker) as Tally;
        const score = Math.round(tally.microSum / tally.count / 100) / 10_000;
        return { kind: "sentiment", ticker, score, label: majority(tally), count: tally.count, origin };
      });
  }
}

/** The start of the bucket an instant lies in, all in milliseconds. */
function startOf(instant: number, width: number): number {
  return Math.floor(instant / width) * width;
}

/** The buckets some articles fell into that were open in the last moment of their step. */
function bucketsOf(added: readonly Article[], end: number): readonly StepEvent[] {
  const origins = new Map<string, number>();
  for (const { tickers, publishedAt, analyzedAt } of added) {
    for (const [resolution, { widthSeconds }] of Object.entries(RESOLUTIONS)) {
      const width = widthSeconds * 1000;
      if (startOf(publishedAt, width) !== startOf(end - 1, width)) continue;
      for (const ticker of tickers) origins.set(`${ticker}#${resolution}`, analyzedAt);
    }
  }
  return [...origins]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, origin]) => {
      const cut = key.lastIndexOf("#");
      const resolution = key.slice(cut + 1) as Resolution;
      const width = RESOLUTIONS[resolution].widthSeconds * 1000;
      const start = startOf(end - 1, width);
      return { kind: "bucket", ticker: key.slice(0, cut), resolution, start, origin };
    });
}
