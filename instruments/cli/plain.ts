/**
 * What must not reach a terminal: control characters of C0 and C1, which steer it, line and paragraph separators, and
 * marks that turn the order in which letters are shown.
 */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A name or message of somebody else's, safe to print. */
export function plain(text: string): string {
  return text.replace(UNSAFE, " ");
}

/** The escape JSON has for a character outside of its syntax. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** JSON for people and programs alike, safe to print: what {@link plain} removes is escaped, so no value changes. */
export function json(value: unknown): string {
  // Line feeds here are the indentation's: JSON escapes those inside of texts.
  return JSON.stringify(value, undefined, 2).replace(UNSAFE, (found) =>
    found === "\n" ? found : escaped(found),
  );
}
