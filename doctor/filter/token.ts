import { FilterError } from "./filter-error";

/** A piece of a filter expression; `column` is counted from 1. */
export interface Token {
  /** `key` is what brackets hold, `json` what follows a hash. */
  readonly kind: "word" | "number" | "string" | "key" | "json" | "symbol" | "end";
  /** What it says: of a string without its quotes, of the rest as written. */
  readonly text: string;
  readonly column: number;
}

/** Longest expression taken. The API reference gave this limit once and gives none now. */
export const MAX_LENGTH = 2000;

const SPACE = /\s+/y;
const WORD = /[A-Za-z_]\w*(?:\.\w+)*/y;
const NUMBER = /-?\d+(?:\.\d+)?/y;
const NUMBER_LIKE = /-?[\d.][\w.]*/y;
const STRING = /"([^"\p{Cc}]*)"/uy;
const KEY = /\[([^[\]"\s]*)\]/y;
const SYMBOL = /!=|<=|>=|[!=<>(){},:]/y;

const UNITS = "numbers are seconds, statuses or shares, written without unit or exponent, such as 2.5";

/** Why a character begins nothing. */
function reasonFor(character: string): readonly [expected: string, nextStep: string] {
  if (character === '"')
    return ['a string that is closed by "', "a string holds neither quotes nor line breaks"];
  if (character === "'") return ['a string in double quotes, "…"', "write \"…\" instead of '…'"];
  if (character === "[") return ["annotation[KEY]", "brackets hold the key of an annotation, without quotes"];
  if (character === "&" || character === "|") return ["AND or OR", "write the word"];
  return ["a keyword, an operator or a value", "docs/traces.md lists what there is"];
}

/** End of the JSON array that begins at an offset, or the expression's end. */
function endOfJson(expression: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < expression.length; at++) {
    const character = expression[at];
    if (quoted && character === "\\") at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === "[" || character === "{")) depth++;
    else if (!quoted && (character === "]" || character === "}") && --depth === 0) return at + 1;
  }
  return expression.length;
}

/**
 * Splits an expression into tokens, the last one of kind `end`.
 *
 * @throws FilterError that points at what begins no token
 */
export function tokenize(expression: string): readonly Token[] {
  if (expression.length > MAX_LENGTH) {
    throw new FilterError(
      expression,
      MAX_LENGTH + 1,
      `${expression.length} characters`,
      `at most ${MAX_LENGTH}`,
      "search with a shorter expression and narrow the answer down",
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(expression);
  };
  const push = (kind: Token["kind"], text: string, length: number): void => {
    tokens.push({ kind, text, column: at + 1 });
    at += length;
  };
  while (at < expression.length) {
    const space = match(SPACE);
    const word = match(WORD);
    const numberLike = match(NUMBER_LIKE);
    const string = match(STRING);
    const key = match(KEY);
    const symbol = match(SYMBOL);
    if (space !== null) at += space[0].length;
    else if (word !== null) push("word", word[0], word[0].length);
    else if (string !== null) push("string", string[1] ?? "", string[0].length);
    else if (numberLike !== null) {
      const [text] = numberLike;
      if (match(NUMBER)?.[0] !== text)
        throw new FilterError(expression, at + 1, `"${text}"`, "a number", UNITS);
      push("number", text, text.length);
    } else if (key !== null) push("key", key[1] ?? "", key[0].length);
    else if (expression[at] === "#") {
      const end = endOfJson(expression, at + 1);
      push("json", expression.slice(at + 1, end), end - at);
    } else if (symbol !== null) push("symbol", symbol[0], symbol[0].length);
    else {
      const character = String.fromCodePoint(expression.codePointAt(at) ?? 0);
      throw new FilterError(
        expression,
        at + 1,
        character === '"' ? "a string that never ends" : `"${character}"`,
        ...reasonFor(character),
      );
    }
  }
  push("end", "", 0);
  return tokens;
}
