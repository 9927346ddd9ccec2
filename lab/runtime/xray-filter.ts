import type { SegmentDocument } from "./xray-daemon";

type Test = (documents: readonly SegmentDocument[]) => boolean;

function literal(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text.startsWith('"') ? text.slice(1, -1) : Number(text);
}

const CLAUSES: readonly (readonly [RegExp, (...found: string[]) => Test])[] = [
  [
    /^annotation\.(\w+) = (true|false|"[^"]*"|-?[\d.]+)$/,
    (key = "", text = "") =>
      (documents) =>
        documents.some(({ annotations }) => annotations?.[key] === literal(text)),
  ],
  [
    /^!annotation\.(\w+)$/,
    (key = "") =>
      (documents) =>
        documents.every(({ annotations }) => annotations?.[key] === undefined),
  ],
  [/^service\("([^"]+)"\)$/, (name) => (documents) => documents.some((document) => document.name === name)],
  [
    /^(fault|error|throttle)(?: = (true|false))?$/,
    (flag, text = "true") =>
      (documents) =>
        documents.some((document) => document[flag as "fault"] === true) === (text === "true"),
  ],
];

/**
 * Evaluates the part of X-Ray's filter grammar that the functions use: clauses on annotations, service names and the
 * three error flags, joined by AND.
 *
 * @param documents all segments and subsegments of one trace, flat
 * @returns `undefined` when the expression has a clause of another kind
 */
export function matchesFilter(
  expression: string | undefined,
  documents: readonly SegmentDocument[],
): boolean | undefined {
  if (expression === undefined || expression === "") return true;
  const tests = expression.split(" AND ").map((clause) => {
    for (const [pattern, test] of CLAUSES) {
      const found = pattern.exec(clause.trim());
      if (found !== null) return test(...found.slice(1));
    }
    return undefined;
  });
  if (tests.includes(undefined)) return undefined;
  return tests.every((test) => test?.(documents));
}
