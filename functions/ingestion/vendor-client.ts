import type { Vendor } from "../../contract/vendors";
import { fetchJson, HttpError } from "../runtime/http";
import { type Page, readFinnhub, readTiingo } from "./vendor-payload";

/** How to reach a vendor. */
export interface VendorAccess {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** One HTTP request to a vendor, not yet sent. */
export interface VendorRequest {
  readonly tickers: readonly string[];
  /**
   * Sends it.
   *
   * @param timeoutMs milliseconds left for the whole answer
   * @throws HttpError or TypeError
   */
  send(timeoutMs: number): Promise<Page & { readonly status: number }>;
}

/** Tiingo takes a list of tickers but answers slowly beyond ten. */
const TIINGO_TICKERS = 10;
const DAYS_BACK = 7;
const PAGE_SIZE = 50;

function day(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

function tiingoRequest(access: VendorAccess, tickers: readonly string[], now: number): VendorRequest {
  const asked = tickers.slice(0, TIINGO_TICKERS);
  const url = new URL(`${access.baseUrl}/tiingo/news`);
  url.search = new URLSearchParams({
    tickers: asked.join(","),
    startDate: day(now - DAYS_BACK * 86_400_000),
    endDate: day(now),
    limit: String(PAGE_SIZE),
  }).toString();
  return {
    tickers: asked,
    async send(timeoutMs) {
      try {
        const headers = { Authorization: `Token ${access.apiKey}` };
        const { status, json } = await fetchJson(url, { headers, timeoutMs });
        return { status, ...readTiingo(json, tickers, now) };
      } catch (error) {
        // Tiingo answers 404 when it knows none of the tickers.
        if (!(error instanceof HttpError && error.status === 404)) throw error;
        return { status: 404, ...readTiingo([], tickers, now) };
      }
    },
  };
}

function finnhubRequest(access: VendorAccess, ticker: string, now: number): VendorRequest {
  const url = new URL(`${access.baseUrl}/company-news`);
  url.search = new URLSearchParams({
    symbol: ticker,
    from: day(now - DAYS_BACK * 86_400_000),
    to: day(now),
    token: access.apiKey,
  }).toString();
  return {
    tickers: [ticker],
    async send(timeoutMs) {
      const { status, json } = await fetchJson(url, { timeoutMs });
      const page = readFinnhub(json, ticker, now);
      return { status, dropped: page.dropped, articles: page.articles.slice(0, PAGE_SIZE) };
    },
  };
}

/**
 * The requests that ask a vendor for the last seven days of news: one for Tiingo, one per ticker for Finnhub.
 *
 * @param tickers upper case
 * @param now epoch milliseconds
 */
export function requestsTo(
  vendor: Vendor,
  access: VendorAccess,
  tickers: readonly string[],
  now: number,
): readonly VendorRequest[] {
  if (vendor === "tiingo") return [tiingoRequest(access, tickers, now)];
  return tickers.map((ticker) => finnhubRequest(access, ticker, now));
}
