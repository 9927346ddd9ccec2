import {
  array,
  description,
  maxLength,
  minLength,
  optional,
  picklist,
  pipe,
  string,
  transform,
} from "valibot";
import { SENTIMENTS } from "../runtime/sentiment";
import { annotate } from "../runtime/tracing";
import { analyzedArticles } from "./analyzed";
import type { Answer } from "./answer";
import type { UserCall } from "./call";
import { ticker, wholeNumber } from "./fields";
import { withHeadlines } from "./headlines";
import { readQuery } from "./input";

const MOST_TAGS = 5;
const MOST_ARTICLES = 100;
const USUAL_ARTICLES = "20";

const ENTRIES = {
  tags: optional(
    pipe(
      string(),
      transform((tags) => tags.split(",")),
      array(ticker),
      minLength(1),
      maxLength(MOST_TAGS),
      description(`1 to ${MOST_TAGS} ticker symbols, separated by commas`),
    ),
  ),
  limit: optional(wholeNumber(1, MOST_ARTICLES), USUAL_ARTICLES),
  sentiment: optional(pipe(picklist(SENTIMENTS), description(`one of ${SENTIMENTS.join(", ")}`))),
};

/** Recent articles, those analyzed last first, by ticker (D1) and sentiment. */
export async function articles({ request }: UserCall): Promise<Answer> {
  const { tags = [], limit, sentiment } = readQuery(request, ENTRIES);
  const found = await analyzedArticles({
    sentiments: sentiment === undefined ? SENTIMENTS : [sentiment],
    tickers: [...new Set(tags)],
    most: limit,
  });
  const shown = await withHeadlines(found.articles);
  annotate("article_count", shown.length);
  return { status: 200, body: { articles: shown, count: shown.length, truncated: found.truncated } };
}
