import { type AwsRequest, type Trouble, troubleOf } from "./trouble";

/** What AWS answered, or why it did not. */
export type Answer<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: "trouble"; readonly trouble: Trouble };

/**
 * Asks AWS without throwing.
 *
 * @param now epoch milliseconds of this machine when the answer is there
 */
export async function ask<T>(
  asked: AwsRequest,
  work: () => Promise<T>,
  now: () => number = Date.now,
): Promise<Answer<T>> {
  try {
    return { kind: "answer", value: await work() };
  } catch (error) {
    return { kind: "trouble", trouble: troubleOf(error, asked, now()) };
  }
}
