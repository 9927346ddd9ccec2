/** Milliseconds AWS lets a signature's time differ from its own. */
export const SKEW_LIMIT_MS = 5 * 60_000;

/**
 * How far this machine's clock is ahead of a server's, milliseconds; negative when it is behind.
 *
 * @param date the header `Date` of an answer that has just come
 * @param now epoch milliseconds of this machine
 * @returns `undefined` when the header is absent or no date
 */
export function skewOf(date: string | undefined, now: number): number | undefined {
  const theirs = Date.parse(date ?? "");
  return Number.isNaN(theirs) ? undefined : now - theirs;
}

/** A skew in words, for example `10 min ahead`. */
export function skewInWords(skewMs: number): string {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const size = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return seconds === 0 ? "none" : `${size} ${skewMs > 0 ? "ahead" : "behind"}`;
}
