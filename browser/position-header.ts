/** What fits a header: no control characters, and not so long that servers refuse it. */
const SENDABLE = /^[ -~\u{80}-\u{10ffff}]{1,1024}$/u;

/**
 * A position as the value of `Last-Event-ID`: its UTF-8 bytes, one per character, because that is what `fetch` takes.
 *
 * @returns undefined when it is empty, or no header can carry it; the stream then starts anew
 */
export function positionHeader(lastEventId: string): string | undefined {
  if (!SENDABLE.test(lastEventId)) return undefined;
  return String.fromCharCode(...new TextEncoder().encode(lastEventId));
}
