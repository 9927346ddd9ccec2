/** What analysis makes of an article. */
export const SENTIMENTS = ["positive", "neutral", "negative"] as const;

/** One of {@link SENTIMENTS}. */
export type Sentiment = (typeof SENTIMENTS)[number];
