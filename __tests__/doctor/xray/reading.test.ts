import fc from "fast-check";
import { Pace } from "../../../doctor/xray/clock";
import {
  LONG_PAUSES_MS,
  SHORT_PAUSES_MS,
  summariesOf,
  traceBatches,
  tracesOf,
} from "../../../doctor/xray/reading";
import type { SummaryPage, TracePage, TraceSource } from "../../../doctor/xray/source";
import type { Window } from "../../../doctor/xray/window";
import { rawTrace, traceId } from "../../support/traces";

const HOUR = 3_600_000;
const FROM = Date.UTC(2026, 10, 20);

async function collected<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of all) found.push(one);
  return found;
}

/** Holds traces by start and gives them in pages as X-Ray does: both ends of a window included, newest first. */
class PagedSource implements TraceSource {
  readonly name = "pages";
  readonly longestWindowMs = 6 * HOUR;
  readonly tracesAtOnce = 5;
  readonly windows: Window[] = [];
  readonly asked: (readonly string[])[] = [];
  readonly pauses: number[] = [];

  constructor(
    readonly starts: readonly number[],
    readonly pageSize: number,
    /** How often each trace is left unprocessed. */
    readonly refusals = 0,
  ) {}

  id(index: number): string {
    return traceId(index, (this.starts[index] ?? 0) / 1000);
  }

  async summaryPage(
    window: Window,
    _filter: string | undefined,
    next: string | undefined,
  ): Promise<SummaryPage> {
    if (next === undefined) this.windows.push(window);
    const found = [...this.starts.entries()]
      .filter(([, start]) => start >= window.fromMs && start <= window.toMs)
      .sort(([, a], [, b]) => b - a);
    const start = Number(next ?? 0);
    const end = start + this.pageSize;
    const summaries = found.slice(start, end).map(([index, at]) => ({
      Id: this.id(index),
      StartTime: new Date(at),
      HasFault: false,
      HasError: false,
      HasThrottle: false,
      IsPartial: false,
      Http: {},
      ServiceIds: [],
      Users: [],
      Annotations: {},
    }));
    return { summaries, next: end < found.length ? String(end) : undefined };
  }

  async tracePage(ids: readonly string[], next: string | undefined): Promise<TracePage> {
    this.asked.push(ids);
    const known = this.starts.map((_, index) => this.id(index));
    const refused =
      this.asked.filter((earlier) => earlier.some((id) => ids.includes(id))).length <= this.refusals;
    if (refused) return { traces: [], unprocessed: ids, next: undefined };
    // Documents of one trace come on two pages.
    const page = next === undefined ? 1 : 2;
    const traces = ids.filter((id) => known.includes(id)).map((id) => rawTrace(id, [piece(page)]));
    return { traces, unprocessed: [], next: page === 1 ? "more" : undefined };
  }

  async pause(ms: number): Promise<void> {
    this.pauses.push(ms);
  }

  close(): void {}
}

const piece = (number: number) => ({
  id: `${number}`.padStart(16, "0"),
  name: "shop",
  start_time: number,
  end_time: 9,
});

test("E3 DOC-4 every trace of a range is found once, whatever windows and pages it falls on", async () => {
  // Traces on the edges of windows are what X-Ray gives twice.
  const offset = fc.oneof(
    fc.integer({ min: -HOUR, max: 25 * HOUR }),
    fc.constantFrom(0, 6 * HOUR, 12 * HOUR, 18 * HOUR),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(offset, { maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      async (offsets, pageSize) => {
        const source = new PagedSource(
          offsets.map((one) => FROM + one),
          pageSize,
        );
        const found = await collected(
          summariesOf(source, { fromMs: FROM, toMs: FROM + 24 * HOUR }, undefined),
        );
        const wanted = offsets.flatMap((one, index) =>
          one >= 0 && one <= 24 * HOUR ? [source.id(index)] : [],
        );
        expect(found.map(({ id }) => id).sort()).toEqual([...new Set(wanted)].sort());
        expect(source.windows).toHaveLength(4);
        expect(source.windows.every(({ fromMs, toMs }) => toMs - fromMs <= 6 * HOUR)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test("E3 DOC-6 traces are asked for five at once and put together from their pages", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 2 }),
      async (count, refusals) => {
        const source = new PagedSource(
          Array.from({ length: count }, (_, index) => FROM + index),
          3,
          refusals,
        );
        const ids = source.starts.map((_, index) => source.id(index));
        const { traces, missing } = await tracesOf(source, [...ids, ...ids, traceId(99, 5)]);
        expect(traces.map(({ id }) => id)).toEqual(ids);
        expect(missing).toEqual([traceId(99, 5)]);
        for (const { segments } of traces) expect(segments.map(({ startS }) => startS)).toEqual([1, 2]);
        expect(source.asked.every((one) => one.length <= 5)).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

test("DOC-6 a trace that is never looked up is told apart from one that is not there", async () => {
  const source = new PagedSource([FROM], 1, 1000);
  const unprocessed = [source.id(0)];
  expect(await tracesOf(source, [source.id(0)])).toEqual({ traces: [], missing: [], unprocessed });
  expect(source.asked).toHaveLength(1 + SHORT_PAUSES_MS.length);
  expect(source.pauses).toEqual(SHORT_PAUSES_MS);
});

test("DOC-6 pauses grow; once all were in vain, the traces that follow do not wait as long", async () => {
  const source = new PagedSource(
    Array.from({ length: 7 }, (_, index) => FROM + index),
    1,
    1000,
  );
  const ids = source.starts.map((_, index) => source.id(index));
  const found = await collected(traceBatches(source, ids, LONG_PAUSES_MS));
  expect(found.flatMap(({ unprocessed }) => unprocessed)).toEqual(ids);
  expect(source.pauses).toEqual([...LONG_PAUSES_MS, ...SHORT_PAUSES_MS]);
  const late = new PagedSource([FROM], 1, 4);
  expect((await collected(traceBatches(late, [late.id(0)], LONG_PAUSES_MS)))[0]).toMatchObject({
    traces: [{ id: late.id(0) }],
    unprocessed: [],
  });
  expect(late.pauses).toEqual(LONG_PAUSES_MS.slice(0, 4));
});

test("a source that repeats a page is told apart from one that ends", async () => {
  const source = new PagedSource([FROM], 1);
  source.summaryPage = async () => ({ summaries: [], next: "again" });
  const all = collected(summariesOf(source, { fromMs: FROM, toMs: FROM + 1 }, undefined));
  await expect(all).rejects.toThrow("the same page twice");
});

test("DOC-6 five requests start in a second, and none waits after a rest", async () => {
  let now = 0;
  const starts: number[] = [];
  const pace = new Pace(5, {
    now: () => now,
    wait: async (ms) => {
      now += ms;
    },
  });
  for (let turn = 0; turn < 11; turn++) {
    await pace.turn();
    starts.push(now);
  }
  expect(starts).toEqual(Array.from({ length: 11 }, (_, index) => index * 200));
  now += 10_000;
  await pace.turn();
  expect(now).toBe(12_000);
});
