/** Parts of a root cause a filter can look at, as the AWS guide writes them. */
export const ROOT_CAUSES = [
  "rootcause.fault.service",
  "rootcause.fault.entity",
  "rootcause.fault.exception",
  "rootcause.responsetime.service",
  "rootcause.responsetime.entity",
] as const;

/** One of {@link ROOT_CAUSES}. */
export type RootCause = (typeof ROOT_CAUSES)[number];

/** Where an expression stands: for the whole trace, or in braces behind a node, a connection or a root cause. */
export type Scope = "trace" | "service" | "edge" | RootCause;

/** What a keyword is compared with. */
export type KeywordType = "boolean" | "number" | "string";

interface KeywordFacts {
  readonly type: KeywordType;
  readonly in: readonly Scope[];
}

const REQUEST: readonly Scope[] = ["trace", "service", "edge"];
const SEGMENT: readonly Scope[] = ["trace", "service"];
const CAUSE_SERVICE: readonly Scope[] = ["rootcause.fault.service", "rootcause.responsetime.service"];
const CAUSE_ENTITY: readonly Scope[] = ["rootcause.fault.entity", "rootcause.responsetime.entity"];

/**
 * Keywords of the AWS X-Ray developer guide ("Use filter expressions") with their type and where they may stand. Where the
 * guide shows no example of a keyword in a place, it is refused there.
 */
export const KEYWORDS = {
  ok: { type: "boolean", in: REQUEST },
  error: { type: "boolean", in: REQUEST },
  throttle: { type: "boolean", in: REQUEST },
  fault: { type: "boolean", in: REQUEST },
  partial: { type: "boolean", in: ["trace"] },
  inferred: { type: "boolean", in: [...SEGMENT, ...CAUSE_SERVICE] },
  root: { type: "boolean", in: ["service"] },
  first: { type: "boolean", in: ROOT_CAUSES },
  last: { type: "boolean", in: ROOT_CAUSES },
  remote: { type: "boolean", in: CAUSE_ENTITY },
  responsetime: { type: "number", in: REQUEST },
  duration: { type: "number", in: ["trace"] },
  "http.status": { type: "number", in: REQUEST },
  index: { type: "number", in: ROOT_CAUSES },
  coverage: { type: "number", in: ["rootcause.responsetime.entity"] },
  "http.url": { type: "string", in: REQUEST },
  "http.method": { type: "string", in: REQUEST },
  "http.useragent": { type: "string", in: REQUEST },
  "http.clientip": { type: "string", in: REQUEST },
  user: { type: "string", in: SEGMENT },
  availabilityzone: { type: "string", in: SEGMENT },
  "instance.id": { type: "string", in: SEGMENT },
  "resource.arn": { type: "string", in: SEGMENT },
  name: { type: "string", in: ROOT_CAUSES },
  type: { type: "string", in: CAUSE_SERVICE },
  message: { type: "string", in: ["rootcause.fault.exception"] },
} as const satisfies Record<string, KeywordFacts>;

/** A key of {@link KEYWORDS}. */
export type Keyword = keyof typeof KEYWORDS;

/** True for the name of a keyword in lower case. */
export function isKeyword(name: string): name is Keyword {
  return Object.hasOwn(KEYWORDS, name);
}

/** Keywords that may stand in a scope. */
export function keywordsIn(scope: Scope): readonly Keyword[] {
  return Object.keys(KEYWORDS)
    .filter(isKeyword)
    .filter((keyword) => {
      const { in: scopes }: KeywordFacts = KEYWORDS[keyword];
      return scopes.includes(scope);
    });
}

/** Operators of two sides. */
export const OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "CONTAINS", "BEGINSWITH", "ENDSWITH"] as const;

/** One of {@link OPERATORS}. */
export type Operator = (typeof OPERATORS)[number];

/** Operators a type of value knows. */
export const OPERATORS_OF: Readonly<Record<KeywordType, readonly Operator[]>> = {
  boolean: ["=", "!="],
  number: ["=", "!=", "<", "<=", ">", ">="],
  string: ["=", "!=", "CONTAINS", "BEGINSWITH", "ENDSWITH"],
};
