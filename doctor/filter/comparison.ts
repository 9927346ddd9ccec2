import type { Cursor } from "./cursor";
import type { Filter, Subject, Value } from "./expression";
import {
  isKeyword,
  KEYWORDS,
  type Keyword,
  type KeywordType,
  keywordsIn,
  OPERATORS,
  OPERATORS_OF,
  type Operator,
  type Scope,
} from "./keywords";
import { suggestion } from "./suggestion";
import type { Token } from "./token";

const EXAMPLES: Readonly<Record<KeywordType, string>> = {
  boolean: "true or false",
  number: "a number such as 2.5",
  string: 'a string in double quotes, "…"',
};

/** What a subject may be compared with; annotations with anything. */
function typesOf(subject: Subject): readonly KeywordType[] {
  if (subject.kind === "keyword") return [KEYWORDS[subject.keyword].type];
  return subject.kind === "group" ? ["string"] : ["boolean", "number", "string"];
}

function operatorAt(cursor: Cursor): Operator | undefined {
  const { kind, text } = cursor.next;
  if (kind !== "symbol" && kind !== "word") return undefined;
  return OPERATORS.find((operator) => operator === text.toUpperCase());
}

function valueAt(cursor: Cursor): { readonly value: Value; readonly type: KeywordType } | undefined {
  const { kind, text } = cursor.next;
  if (kind === "string") return { value: text, type: "string" };
  if (kind === "number") return { value: Number(text), type: "number" };
  if (kind === "word" && (text === "true" || text === "false")) {
    return { value: text === "true", type: "boolean" };
  }
  return undefined;
}

function operatorsOf(subject: Subject): readonly Operator[] {
  if (subject.kind === "group") return ["=", "!="];
  return [...new Set(typesOf(subject).flatMap((type) => OPERATORS_OF[type]))];
}

/**
 * Reads what may follow a subject: an operator and a value of a type both know, or nothing.
 *
 * @param subject already taken
 * @throws FilterError
 */
export function comparisonOf(cursor: Cursor, subject: Subject): Filter {
  const operator = operatorAt(cursor);
  if (operator === undefined) {
    const bare = subject.kind === "annotation" || !typesOf(subject).includes("number");
    if (bare && subject.kind !== "group") return { kind: "holds", subject };
    throw cursor.fault(operatorsOf(subject).join(", "), "say what to compare it with");
  }
  if (!operatorsOf(subject).includes(operator)) {
    throw cursor.fault(operatorsOf(subject).join(", "), `${operator} compares something else`);
  }
  cursor.take();
  const types = typesOf(subject).filter((type) => OPERATORS_OF[type].includes(operator));
  const found = valueAt(cursor);
  if (found === undefined || !types.includes(found.type)) {
    throw cursor.fault(types.map((type) => EXAMPLES[type]).join(", or "), "write the value so");
  }
  cursor.take();
  return { kind: "compares", subject, operator, value: found.value };
}

/** The keyword a word means in a scope, in any case. @throws FilterError */
export function keywordOf(cursor: Cursor, word: Token, scope: Scope): Keyword {
  const name = word.text.toLowerCase();
  const known = keywordsIn(scope);
  if (isKeyword(name) && known.includes(name)) return name;
  const place = scope === "trace" ? "here" : `in the braces of ${scope}`;
  if (isKeyword(name)) {
    throw cursor.fault(
      `a keyword that may stand ${place}: ${known.join(", ")}`,
      "move it or leave it out",
      word,
    );
  }
  const meant = suggestion(name, [...known, ...(scope === "trace" ? ["service", "edge", "annotation"] : [])]);
  throw cursor.fault(
    "a keyword of X-Ray",
    meant === undefined
      ? "docs/traces.md lists them; a text belongs in double quotes"
      : `did you mean ${meant}`,
    word,
  );
}
