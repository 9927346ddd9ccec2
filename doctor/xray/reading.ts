import { InputError } from "../../instruments/terraform-file";
import type { TraceSource } from "./source";
import { readSummary, type TraceSummary } from "./summary";
import { joined, type RawTrace, readTrace, type Trace } from "./trace";
import { type Window, windowsOf } from "./window";

/** Milliseconds before each further question for traces that were not looked up, where somebody waits. */
export const SHORT_PAUSES_MS: readonly number[] = [200, 400];
/** The same where nobody does. */
export const LONG_PAUSES_MS: readonly number[] = [1000, 2000, 4000, 8000, 16_000, 32_000];

/** Whole traces, and those that were asked for in vain. */
export interface Traces {
  readonly traces: readonly Trace[];
  /** Not indexed yet, forgotten after thirty days, or never there. */
  readonly missing: readonly string[];
  /** Not looked up, however often they were asked for: X-Ray is busy, or says so of what it does not know. */
  readonly unprocessed: readonly string[];
}

/** Follows pages until there are none. @throws InputError when a source repeats itself */
async function* pagesOf<P extends { readonly next: string | undefined }>(
  name: string,
  ask: (next: string | undefined) => Promise<P>,
): AsyncGenerator<P> {
  const asked = new Set<string>();
  let next: string | undefined;
  do {
    const page = await ask(next);
    yield page;
    next = page.next;
    if (next !== undefined && asked.has(next)) {
      throw new InputError(name, "the same page twice", "pages that end", "ask for a shorter time");
    }
    if (next !== undefined) asked.add(next);
  } while (next !== undefined);
}

/**
 * Summaries of all traces that started in a range, newest window first, each once (DOC-4).
 *
 * @param filter a filter expression; all traces if it is absent
 * @param progress told before each window
 * @throws InputError when the source cannot answer
 */
export async function* summariesOf(
  source: TraceSource,
  range: Window,
  filter: string | undefined,
  progress: (window: Window) => void = () => undefined,
): AsyncGenerator<TraceSummary> {
  const seen = new Set<string>();
  for (const window of [...windowsOf(range, source.longestWindowMs)].reverse()) {
    progress(window);
    for await (const { summaries } of pagesOf(source.name, (next) =>
      source.summaryPage(window, filter, next),
    )) {
      for (const summary of summaries) {
        if (seen.has(summary.Id)) continue;
        seen.add(summary.Id);
        yield readSummary(summary);
      }
    }
  }
}

async function batch(
  source: TraceSource,
  ids: readonly string[],
  pausesMs: readonly number[],
): Promise<Traces> {
  const pieces = new Map<string, RawTrace[]>();
  let wanted = ids;
  for (const pauseMs of [0, ...pausesMs]) {
    if (wanted.length === 0) break;
    if (pauseMs > 0) await source.pause(pauseMs);
    const asked = wanted;
    wanted = [];
    for await (const { traces, unprocessed } of pagesOf(source.name, (next) =>
      source.tracePage(asked, next),
    )) {
      for (const trace of traces) pieces.set(trace.Id, [...(pieces.get(trace.Id) ?? []), trace]);
      wanted = [...wanted, ...unprocessed.filter((id) => asked.includes(id) && !wanted.includes(id))];
    }
  }
  const whole = ids.filter((id) => !wanted.includes(id));
  const traces = whole.flatMap((id) => {
    const found = pieces.get(id);
    return found === undefined ? [] : [readTrace(joined(found))];
  });
  return { traces, missing: whole.filter((id) => !pieces.has(id)), unprocessed: wanted };
}

/**
 * Whole traces, as many at once as the source gives, in the order asked for (DOC-6). Once all pauses were in vain, only
 * the short ones are made: the next would be, too.
 *
 * @param pausesMs milliseconds before each further question for what was not looked up
 * @throws InputError when the source cannot answer
 */
export async function* traceBatches(
  source: TraceSource,
  ids: readonly string[],
  pausesMs: readonly number[] = SHORT_PAUSES_MS,
): AsyncGenerator<Traces> {
  let pauses = pausesMs;
  const once = [...new Set(ids)];
  for (let start = 0; start < once.length; start += source.tracesAtOnce) {
    const found = await batch(source, once.slice(start, start + source.tracesAtOnce), pauses);
    if (found.unprocessed.length > 0) pauses = SHORT_PAUSES_MS;
    yield found;
  }
}

/** All of {@link traceBatches}. */
export async function tracesOf(source: TraceSource, ids: readonly string[]): Promise<Traces> {
  const traces: Trace[] = [];
  const missing: string[] = [];
  const unprocessed: string[] = [];
  for await (const part of traceBatches(source, ids)) {
    traces.push(...part.traces);
    missing.push(...part.missing);
    unprocessed.push(...part.unprocessed);
  }
  return { traces, missing, unprocessed };
}
