import { InputError } from "../../instruments/terraform-file";
import { all, type Filter, type Value } from "../filter/expression";
import { parseFilter } from "../filter/parser";
import { printFilter } from "../filter/print";
import { summariesOf } from "../xray/reading";
import type { TraceSource } from "../xray/source";
import type { TraceSummary } from "../xray/summary";
import { type Window, windowsOf } from "../xray/window";

/** Questions a filter is built from. */
export interface Wishes {
  /** A filter expression. */
  readonly expression?: string | undefined;
  /** Name of a node on the trace map. */
  readonly service?: string | undefined;
  /** A fault at any node of the map, handled or not. */
  readonly fault?: boolean | undefined;
  /** Seconds until the answer, at least. */
  readonly slower?: number | undefined;
  /** `KEY` or `KEY=VALUE`. */
  readonly annotation?: readonly string[] | undefined;
}

const FAULT: Filter = { kind: "holds", subject: { kind: "keyword", keyword: "fault" } };

function annotationValue(text: string): Value {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

function annotationFilter(text: string): Filter {
  const [, key, value] = /^([\w.:/-]+)(?:=(.*))?$/s.exec(text) ?? [];
  if (key === undefined) {
    throw new InputError(
      "--annotation",
      "something else",
      "KEY or KEY=VALUE",
      "--annotation sentiment=negative",
    );
  }
  const subject = { kind: "annotation", key } as const;
  return value === undefined
    ? { kind: "holds", subject }
    : { kind: "compares", subject, operator: "=", value: annotationValue(value) };
}

/**
 * The filter that asks for everything wished, as X-Ray is sent it; `undefined` when nothing is.
 *
 * @throws FilterError or InputError when a wish cannot be written as a filter
 */
export function filterOf({
  expression,
  service,
  fault,
  slower,
  annotation = [],
}: Wishes): string | undefined {
  const terms: Filter[] = [];
  if (expression !== undefined) terms.push(parseFilter(expression));
  // The node's own faults where one is named, any node's otherwise: what was handled below the root counts, too.
  if (service !== undefined || fault === true) {
    const node = service === undefined ? undefined : { name: service };
    terms.push({ kind: "service", node, where: fault === true ? FAULT : undefined });
  }
  if (slower !== undefined) {
    const subject = { kind: "keyword", keyword: "responsetime" } as const;
    terms.push({ kind: "compares", subject, operator: ">=", value: slower });
  }
  terms.push(...annotation.map(annotationFilter));
  return terms.length === 0 ? undefined : printFilter(all(terms));
}

/** What a search found. */
export interface Found {
  /** Newest first. */
  readonly summaries: readonly TraceSummary[];
  /** There are more than were wanted. */
  readonly more: boolean;
  /** Traces began in the range, though none matches; `undefined` when that was not looked at. */
  readonly others: boolean | undefined;
}

/** True when a trace began in a range. */
async function hasTraces(source: TraceSource, range: Window): Promise<boolean> {
  for await (const _ of summariesOf(source, range, undefined)) return true;
  return false;
}

/** Summaries, each once, of which only the newest are kept, so that a busy window fits into memory. */
class Newest {
  readonly #seen = new Set<string>();
  #found: TraceSummary[] = [];
  /** There were more than are kept. */
  more = false;

  constructor(readonly limit: number) {}

  add(summary: TraceSummary): void {
    if (this.#seen.has(summary.id)) return;
    this.#seen.add(summary.id);
    this.#found.push(summary);
    if (this.#found.length > 2 * this.limit) this.sorted();
  }

  /** Newest first, at most {@link limit}. */
  sorted(): readonly TraceSummary[] {
    this.#found.sort((a, b) => b.startMs - a.startMs);
    this.more ||= this.#found.length > this.limit;
    this.#found = this.#found.slice(0, this.limit);
    return this.#found;
  }
}

/**
 * Searches for the newest traces, window by window from the last. A window is always searched whole: X-Ray does not say
 * in which order it gives what it finds.
 *
 * @param limit most summaries wanted
 * @param progress told before each window
 * @throws InputError when the source cannot answer
 */
export async function search(
  source: TraceSource,
  range: Window,
  filter: string | undefined,
  limit: number,
  progress: (window: Window) => void,
): Promise<Found> {
  const newest = new Newest(limit);
  for (const window of [...windowsOf(range, source.longestWindowMs)].reverse()) {
    progress(window);
    for await (const summary of summariesOf(source, window, filter)) newest.add(summary);
    const summaries = newest.sorted();
    if (newest.more) return { summaries, more: true, others: undefined };
  }
  const summaries = newest.sorted();
  const others = summaries.length === 0 && filter !== undefined ? await hasTraces(source, range) : undefined;
  return { summaries, more: false, others };
}
