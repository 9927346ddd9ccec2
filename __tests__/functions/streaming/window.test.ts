import { array, assert as check, constantFrom, float, integer, property, record, subarray } from "fast-check";
import { STREAM } from "../../../contract/streaming";
import { type Article, articleOf } from "../../../functions/streaming/article";
import type { Step } from "../../../functions/streaming/step";
import { Window } from "../../../functions/streaming/window";

const INTERVAL = 5000;
const START = Date.UTC(2026, 10, 21, 12);
const STEPS = 12;

/** Articles of a day and a minute, most of them in the last minute. */
const articles = array(
  record({
    age: integer({ min: -STEPS * INTERVAL + 1, max: STREAM.windowMs + 30_000 }),
    young: integer({ min: -STEPS * INTERVAL + 1, max: 0 }),
    recent: constantFrom(true, true, false),
    score: float({ min: -1, max: 1, noNaN: true }),
    sentiment: constantFrom("positive", "neutral", "negative"),
    tickers: subarray(["AAPL", "BRK.B", "MSFT", "TSLA"]),
    publishedBefore: integer({ min: 0, max: 7_200_000 }),
  }),
  { maxLength: 60 },
).map((drafts) =>
  drafts.map(({ age, young, recent, score, sentiment, tickers, publishedBefore }, index): Article => {
    const analyzedAt = START - (recent ? young : age);
    return {
      id: `dedup:${index}`,
      sentiment,
      microScore: Math.round(score * 1e6),
      tickers,
      analyzedAt,
      publishedAt: analyzedAt - publishedBefore,
    };
  }),
);

function endOf(step: number): number {
  return START + step * INTERVAL;
}

/** What an environment that started at the end of a step says of the steps after it. */
function seenFrom(first: number, all: readonly Article[]): readonly Step[] {
  const window = new Window(endOf(first));
  const inWindow = all.filter(
    ({ analyzedAt }) => analyzedAt > endOf(first) - STREAM.windowMs && analyzedAt <= endOf(first),
  );
  window.advance(endOf(first), inWindow);
  const steps: Step[] = [];
  for (let step = first + 1; step <= STEPS; step += 1) {
    const arrived = all.filter(({ analyzedAt }) => analyzedAt > endOf(step - 1) && analyzedAt <= endOf(step));
    steps.push(window.advance(endOf(step), arrived));
  }
  return steps;
}

test("C5 SSE-G3 environments that started at different times agree on every step", () => {
  check(
    property(articles, integer({ min: 1, max: STEPS - 1 }), (all, later) => {
      const late = seenFrom(later, [...all].reverse());
      const told = (steps: readonly Step[]) => steps.map(({ end, events }) => ({ end, events }));
      expect(told(late)).toEqual(told(seenFrom(0, all).slice(later)));
    }),
    { numRuns: 500 },
  );
});

test("an article that leaves the hour changes the counts, though nothing came and nothing left the day", () => {
  const window = new Window(START);
  const article = {
    id: "dedup:0",
    sentiment: "positive",
    microScore: 0,
    tickers: [],
    analyzedAt: endOf(1) - 3_600_000,
    publishedAt: START,
  } as const;
  expect(window.advance(START, [article]).counts.rate_last_hour).toBe(1);
  const { counts, events } = window.advance(endOf(1), []);
  expect(counts).toMatchObject({ total: 1, rate_last_hour: 0 });
  expect(events).toEqual([{ kind: "metrics", counts }]);
});

test("counts are those of the articles of the last day, and of the last hour", () => {
  check(
    property(articles, (all) => {
      const window = new Window(START);
      window.advance(
        START,
        all.filter(({ analyzedAt }) => analyzedAt > START - STREAM.windowMs && analyzedAt <= START),
      );
      for (let step = 1; step <= STEPS; step += 1) {
        const end = endOf(step);
        const { counts } = window.advance(
          end,
          all.filter(({ analyzedAt }) => analyzedAt > end - INTERVAL && analyzedAt <= end),
        );
        const present = all.filter(
          ({ analyzedAt }) => analyzedAt > end - STREAM.windowMs && analyzedAt <= end,
        );
        expect(counts.total).toBe(present.length);
        expect(counts.rate_last_24h).toBe(present.length);
        expect(counts.rate_last_hour).toBe(
          present.filter(({ analyzedAt }) => analyzedAt > end - 3_600_000).length,
        );
        expect(counts.negative).toBe(present.filter(({ sentiment }) => sentiment === "negative").length);
        expect(counts.by_tag["AAPL"] ?? 0).toBe(
          present.filter(({ tickers }) => tickers.includes("AAPL")).length,
        );
      }
    }),
    { numRuns: 200 },
  );
});

function article(change: Partial<Article> = {}): Article {
  return {
    id: "dedup:1",
    sentiment: "positive",
    microScore: 500_000,
    tickers: ["AAPL"],
    analyzedAt: START + 1000,
    publishedAt: START + 500,
    ...change,
  };
}

test("a step tells counts first, then tickers, then open buckets, each in alphabetical order", () => {
  const window = new Window(START);
  const { events } = window.advance(START + INTERVAL, [
    article({ tickers: ["MSFT", "AAPL"], publishedAt: START - 40_000 }),
  ]);
  expect(events.map((event) => [event.kind, "ticker" in event ? event.ticker : ""])).toEqual([
    ["metrics", ""],
    ["sentiment", "AAPL"],
    ["sentiment", "MSFT"],
    // 11:59:20 lies in no bucket of 12:00 but the day's.
    ["bucket", "AAPL"],
    ["bucket", "MSFT"],
  ]);
});

test("a ticker's score is the mean, its label the majority, its origin the newest article", () => {
  const window = new Window(START);
  const { events } = window.advance(START + INTERVAL, [
    article(),
    article({ id: "dedup:2", sentiment: "negative", microScore: -200_000, analyzedAt: START + 3000 }),
    article({ id: "dedup:3", sentiment: "negative", microScore: -100_000, analyzedAt: START + 2000 }),
  ]);
  expect(events.find(({ kind }) => kind === "sentiment")).toEqual({
    kind: "sentiment",
    ticker: "AAPL",
    score: 0.0667,
    label: "negative",
    count: 3,
    origin: START + 3000,
  });
});

test.each([
  ["at the end of a bucket", START + INTERVAL - 1000],
  ["in the first moment of a bucket", START],
])("D23 an article published %s has its bucket told", (_when, publishedAt) => {
  // The step ends where the next bucket of one minute begins.
  const window = new Window(START + 55_000);
  const shifted = publishedAt + 55_000;
  const { events } = window.advance(START + 60_000, [
    article({ publishedAt: shifted, analyzedAt: shifted + 500 }),
  ]);
  expect(events.filter(({ kind }) => kind === "bucket")).toContainEqual({
    kind: "bucket",
    ticker: "AAPL",
    resolution: "1m",
    start: START,
    origin: shifted + 500,
  });
});

test("a step in which articles only expired still tells the counts", () => {
  const window = new Window(START);
  window.advance(START, [article({ analyzedAt: START - STREAM.windowMs + 1 })]);
  expect(window.advance(START + INTERVAL, []).events).toEqual([
    { kind: "metrics", counts: expect.objectContaining({ total: 0, by_tag: {} }) },
  ]);
  expect(window.advance(START + 2 * INTERVAL, []).events).toEqual([]);
});

test.each([
  ["no score", { score: undefined }],
  ["a score out of range", { score: 7 }],
  ["a score that is text", { score: "0.5" }],
  ["no tickers", { matched_tickers: undefined }],
  ["a ticker that is none", { matched_tickers: ["AAPL", 5] }],
  ["an unreadable instant", { analyzed_at: "yesterday" }],
  ["no instant of publication", { published_at: undefined }],
  ["no id", { source_id: 9 }],
])("an item with %s is corrupt", (_what, change) => {
  const item = {
    source_id: "dedup:1",
    score: 0.5,
    matched_tickers: ["AAPL"],
    analyzed_at: "2026-11-21T12:00:00.000Z",
    published_at: "2026-11-21T11:59:00.000Z",
  };
  expect(articleOf(item, "positive")).toMatchObject({ id: "dedup:1", microScore: 500_000 });
  expect(articleOf({ ...item, ...change }, "positive")).toBeUndefined();
});
