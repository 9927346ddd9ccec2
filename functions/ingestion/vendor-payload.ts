import {
  array,
  fallback,
  type GenericSchema,
  type InferOutput,
  minLength,
  number,
  object,
  optional,
  pipe,
  safeParse,
  string,
  trim,
  unknown,
} from "valibot";
import type { Vendor } from "../../contract/vendors";
import { type Article, isPlausibleDate } from "./article";

/** Why an article was left out. */
export interface Dropped {
  /** It does not have the vendor's documented form. */
  readonly unparseable: number;
  /** Its date is in the future, or too long ago to be kept. */
  readonly implausibleDate: number;
}

/** What came of one answer. */
export interface Page {
  readonly articles: readonly Article[];
  readonly dropped: Dropped;
}

const words = pipe(string(), trim(), minLength(1));
const anyText = fallback(string(), "");

const TiingoArticle = object({
  title: words,
  description: anyText,
  url: anyText,
  publishedDate: string(),
  tickers: optional(array(string()), []),
});

const FinnhubArticle = object({ headline: words, summary: anyText, url: anyText, datetime: number() });

function readPage<S extends GenericSchema>(
  json: unknown,
  schema: S,
  toArticle: (item: InferOutput<S>) => Article,
  now: number,
): Page {
  const list = safeParse(array(unknown()), json);
  if (!list.success) throw new TypeError("the vendor's answer is JSON but not a list of articles");
  const parsed = list.output.map((item) => safeParse(schema, item));
  const readable = parsed.filter((result) => result.success).map((result) => toArticle(result.output));
  const articles = readable.filter((article) => isPlausibleDate(article.publishedAt, now));
  return {
    articles,
    dropped: {
      unparseable: parsed.length - readable.length,
      implausibleDate: readable.length - articles.length,
    },
  };
}

/**
 * Reads Tiingo's answer; articles that cannot be used are counted, not fatal.
 *
 * @param watched upper-case tickers an article is matched against
 * @param now epoch milliseconds
 * @throws TypeError when the answer is not a list
 */
export function readTiingo(json: unknown, watched: readonly string[], now: number): Page {
  const vendor: Vendor = "tiingo";
  return readPage(
    json,
    TiingoArticle,
    (item) => ({
      vendor,
      headline: item.title,
      description: item.description,
      url: item.url,
      publishedAt: new Date(item.publishedDate),
      tickers: [...new Set(item.tickers.map((ticker) => ticker.toUpperCase()))].filter((ticker) =>
        watched.includes(ticker),
      ),
    }),
    now,
  );
}

/**
 * Reads Finnhub's answer for one ticker; articles that cannot be used are counted, not fatal.
 *
 * @param now epoch milliseconds
 * @throws TypeError when the answer is not a list
 */
export function readFinnhub(json: unknown, ticker: string, now: number): Page {
  const vendor: Vendor = "finnhub";
  return readPage(
    json,
    FinnhubArticle,
    (item) => ({
      vendor,
      headline: item.headline,
      description: item.summary,
      url: item.url,
      publishedAt: new Date(item.datetime * 1000),
      tickers: [ticker],
    }),
    now,
  );
}
