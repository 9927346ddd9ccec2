import {
  check,
  description,
  maxValue,
  minValue,
  pipe,
  regex,
  string,
  toUpperCase,
  transform,
  trim,
} from "valibot";
import { TICKER } from "../runtime/ticker";

/** A whole number in a query. */
export function wholeNumber(least: number, most: number) {
  return pipe(
    string(),
    regex(/^\d{1,9}$/),
    transform(Number),
    minValue(least),
    maxValue(most),
    description(`a whole number from ${least} to ${most}`),
  );
}

/** A ticker symbol in any case. */
export const ticker = pipe(
  string(),
  // Before the case is changed: some letters of other scripts become Latin ones by it.
  regex(new RegExp(TICKER.source, "i")),
  toUpperCase(),
  description("a ticker symbol: 1 to 12 letters, digits, dots or hyphens"),
);

/** A line of text for people to read, in characters rather than in halves of some. */
export function line(longest: number) {
  return pipe(
    string(),
    trim(),
    check((text) => text !== "" && [...text].length <= longest && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text)),
    description(`a line of 1 to ${longest} characters`),
  );
}
