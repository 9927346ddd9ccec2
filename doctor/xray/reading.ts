import { InputError } from "../../instruments/terraform-file";
import type { TraceSource } from "./source";
import { readSummary, type TraceSummary } from "./summary";
import { joined, type RawTrace, readTrace, type Trace } from "./trace";
import { type Window, windowsOf } from "./window";

/** How often a trace that was not looked up is asked for. */
const ATTEMPTS = 3;

/** Whole traces, and those that were asked for in vain. */
export interface Traces {
  readonly traces: readonly Trace[];
  /** Not indexed yet, forgotten after thirty days, or never there. */
  readonly missing: readonly string[];
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

async function batch(source: TraceSource, ids: readonly string[]): Promise<readonly RawTrace[]> {
  const pieces = new Map<string, RawTrace[]>();
  let wanted = ids;
  for (let attempt = 1; wanted.length > 0 && attempt <= ATTEMPTS; attempt++) {
    const asked = wanted;
    wanted = [];
    for await (const { traces, unprocessed } of pagesOf(source.name, (next) =>
      source.tracePage(asked, next),
    )) {
      for (const trace of traces) pieces.set(trace.Id, [...(pieces.get(trace.Id) ?? []), trace]);
      wanted = [...wanted, ...unprocessed.filter((id) => asked.includes(id) && !wanted.includes(id))];
    }
  }
  return [...pieces.values()].map(joined);
}

/**
 * Whole traces, as many at once as the source gives, in the order asked for (DOC-6).
 *
 * @throws InputError when the source cannot answer
 */
export async function* traceBatches(source: TraceSource, ids: readonly string[]): AsyncGenerator<Traces> {
  const once = [...new Set(ids)];
  for (let start = 0; start < once.length; start += source.tracesAtOnce) {
    const asked = once.slice(start, start + source.tracesAtOnce);
    const found = new Map((await batch(source, asked)).map((raw) => [raw.Id, raw]));
    const traces = asked.flatMap((id) => {
      const raw = found.get(id);
      return raw === undefined ? [] : [readTrace(raw)];
    });
    yield { traces, missing: asked.filter((id) => !found.has(id)) };
  }
}

/** All of {@link traceBatches}. */
export async function tracesOf(source: TraceSource, ids: readonly string[]): Promise<Traces> {
  const traces: Trace[] = [];
  const missing: string[] = [];
  for await (const part of traceBatches(source, ids)) {
    traces.push(...part.traces);
    missing.push(...part.missing);
  }
  return { traces, missing };
}
