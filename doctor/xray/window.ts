/** A stretch of time, epoch milliseconds: `fromMs` belongs to it, `toMs` does not. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The longest stretch X-Ray searches in one request, milliseconds (FR-174). */
export const LONGEST_WINDOW_MS = 6 * 3_600_000;

/** How long X-Ray keeps traces, milliseconds. */
export const KEPT_MS = 30 * 86_400_000;

/**
 * Splits a range into windows, oldest first, that cover every instant of it once (DOC-4, E3). An empty range has none.
 *
 * @param longestMs longest window, milliseconds, more than 0
 */
export function windowsOf(range: Window, longestMs: number): readonly Window[] {
  const windows: Window[] = [];
  for (let { fromMs } = range; fromMs < range.toMs; fromMs += longestMs) {
    windows.push({ fromMs, toMs: Math.min(range.toMs, fromMs + longestMs) });
  }
  return windows;
}
