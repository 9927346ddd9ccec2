import { jsonTest } from "./json-pattern";
import { PatternFault } from "./tokens";

/** A filter pattern, understood or not. */
export type FilterPattern =
  | { readonly kind: "invalid"; readonly why: string }
  /** Valid as far as one can see; whether a line matches is not evaluated. */
  | { readonly kind: "opaque" }
  | { readonly kind: "usable"; readonly matches: (line: string) => boolean };

/** Longest pattern CloudWatch Logs takes. */
const MAX_LENGTH = 1024;

const invalid = (why: string): FilterPattern => ({ kind: "invalid", why });

function json(pattern: string): FilterPattern {
  if (!pattern.endsWith("}")) return invalid("the brace is not closed");
  try {
    const test = jsonTest(pattern.slice(1, -1));
    return {
      kind: "usable",
      matches: (line) => {
        try {
          const parsed: unknown = JSON.parse(line);
          return typeof parsed === "object" && parsed !== null && test(parsed);
        } catch {
          return false;
        }
      },
    };
  } catch (error) {
    if (error instanceof PatternFault || error instanceof SyntaxError) return invalid(error.message);
    throw error;
  }
}

function words(pattern: string): FilterPattern {
  const terms = [...pattern.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(
    ([, mark, quoted, word]) => ({
      mark: mark as string,
      text: quoted ?? (word as string),
    }),
  );
  const texts = (mark: string) => terms.filter((one) => one.mark === mark).map((one) => one.text);
  const [required, optional, excluded] = [texts(""), texts("?"), texts("-")];
  return {
    kind: "usable",
    // CloudWatch ignores optional terms as soon as one term is required.
    matches: (line) =>
      required.every((one) => line.includes(one)) &&
      (required.length > 0 || optional.length === 0 || optional.some((one) => line.includes(one))) &&
      !excluded.some((one) => line.includes(one)),
  };
}

/**
 * Reads a CloudWatch Logs filter pattern: JSON patterns and words are evaluated; patterns of space-delimited fields
 * and regular expressions outside of JSON are only checked for their brackets.
 */
export function filterPattern(source: string): FilterPattern {
  const pattern = source.trim();
  if (pattern.length > MAX_LENGTH)
    return invalid(`it has ${pattern.length} characters, CloudWatch takes ${MAX_LENGTH}`);
  if (pattern.startsWith("{")) return json(pattern);
  if (pattern.startsWith("["))
    return pattern.endsWith("]") ? { kind: "opaque" } : invalid("the bracket is not closed");
  if (pattern.startsWith("%"))
    return pattern.length > 2 && pattern.endsWith("%")
      ? { kind: "opaque" }
      : invalid("the second % is missing");
  if ((pattern.replaceAll('\\"', "").match(/"/g)?.length ?? 0) % 2 === 1)
    return invalid("a quote is not closed");
  return words(pattern);
}
