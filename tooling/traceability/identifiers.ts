import { ACCEPTANCE, DEFECTS, KNOWN_IDS, REQUIREMENTS } from "./requirements";

const FAMILIES = [...new Set(REQUIREMENTS.map(({ id }) => id.slice(0, id.indexOf("-"))))];
const DASHED = `(?:${[...FAMILIES, "FR", "SC"].join("|")})-[A-Z]?\\d+a?`;
const LETTERS = [...new Set(ACCEPTANCE.map(({ id }) => id.charAt(0)))].join("");

const alone = (pattern: string): RegExp => new RegExp(`(?<![\\w-])(?:${pattern})(?!\\w)`, "g");

/** What looks like a requirement, defect or FR id. */
const CITED = alone(`${DASHED}|${DEFECTS[0]?.id.charAt(0)}\\d+`);
/** The same in a test's title, where acceptance lines are cited too. */
const TITLED = alone(`${DASHED}|[${LETTERS}D]\\d+`);

function distinct(text: string, pattern: RegExp): readonly string[] {
  return [...new Set(text.match(pattern) ?? [])];
}

/** Ids a comment cites, known or not, without repetition. */
export function idsInComment(text: string): readonly string[] {
  return distinct(text, CITED);
}

/** Ids a test's title cites, known or not, without repetition. */
export function idsInTitle(text: string): readonly string[] {
  return distinct(text, TITLED);
}

/** True for ids of the catalogue. */
export function isKnown(id: string): boolean {
  return KNOWN_IDS.includes(id);
}

/** Edits that turn one text into another (Levenshtein). */
function distance(from: string, to: string): number {
  let row = [...Array(to.length + 1).keys()];
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The known id that differs least from an unknown one; the first of the catalogue when several do. */
export function nearestId(unknown: string): string {
  const [nearest = ""] = [...KNOWN_IDS].sort((a, b) => distance(unknown, a) - distance(unknown, b));
  return nearest;
}
