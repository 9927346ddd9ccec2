import { RESOLUTIONS, type Resolution } from "../../contract/tables";
import { TICKER } from "../runtime/ticker";
import type { StepEvent } from "./step";

/** What a stream leaves out (D18). */
export interface EventFilter {
  /** Upper case; `undefined` for all. */
  readonly tickers: ReadonlySet<string> | undefined;
  /** `undefined` for all. */
  readonly resolutions: ReadonlySet<Resolution> | undefined;
  /** Whether counts over all tickers belong to the stream. */
  readonly counts: boolean;
}

const MOST_TICKERS = 50;

function listed(query: URLSearchParams, name: string): readonly string[] | undefined {
  const value = query.get(name);
  if (value === null || value === "") return undefined;
  return value
    .slice(0, 2048)
    .split(",")
    .map((one) => one.trim());
}

/** The upper-case tickers among some values; what is no ticker is dropped. */
export function tickersIn(values: readonly string[]): ReadonlySet<string> {
  const tickers = values.map((one) => one.toUpperCase()).filter((one) => TICKER.test(one));
  return new Set(tickers.slice(0, MOST_TICKERS));
}

function isResolution(value: string): value is Resolution {
  return Object.hasOwn(RESOLUTIONS, value);
}

/** Reads the filter of a query; unknown values are dropped. */
export function filterOf(query: URLSearchParams): EventFilter {
  const tickers = listed(query, "tickers");
  const resolutions = listed(query, "resolutions");
  return {
    tickers: tickers === undefined ? undefined : tickersIn(tickers),
    resolutions: resolutions === undefined ? undefined : new Set(resolutions.filter(isResolution)),
    counts: true,
  };
}

/** A configuration's own tickers, of which the query may choose some. */
export function within(filter: EventFilter, own: ReadonlySet<string>): EventFilter {
  const { tickers, resolutions } = filter;
  const both = tickers === undefined ? own : new Set([...own].filter((ticker) => tickers.has(ticker)));
  return { tickers: both, resolutions, counts: false };
}

/** Whether an event belongs to a stream. */
export function passes(filter: EventFilter, event: StepEvent): boolean {
  if (event.kind === "metrics") return filter.counts;
  if (filter.tickers !== undefined && !filter.tickers.has(event.ticker)) return false;
  return (
    event.kind === "sentiment" || filter.resolutions === undefined || filter.resolutions.has(event.resolution)
  );
}
