import fc from "fast-check";
import { TRACE_GROUPS } from "../../../contract/sampling";
import { all, any, type Filter, type NodePattern, not, type Value } from "../../../doctor/filter/expression";
import { FilterError } from "../../../doctor/filter/filter-error";
import {
  isKeyword,
  KEYWORDS,
  type Keyword,
  type KeywordType,
  keywordsIn,
  OPERATORS_OF,
  ROOT_CAUSES,
  type Scope,
} from "../../../doctor/filter/keywords";
import { parseFilter } from "../../../doctor/filter/parser";
import { printFilter } from "../../../doctor/filter/print";
import { InputError } from "../../../instruments/terraform-file";
import { INVALID, VALID } from "./expressions";

function errorOf(expression: string): FilterError {
  try {
    parseFilter(expression);
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error(`was taken: ${expression}`);
}

test("E3 there are at least sixty expressions to take and forty to refuse, each another", () => {
  expect(new Set(VALID).size).toBeGreaterThanOrEqual(60);
  expect(new Set(INVALID.map(([expression]) => expression)).size).toBeGreaterThanOrEqual(40);
});

test.each(VALID)("E3 DOC-4 takes %j and says the same when it writes it", (expression) => {
  const filter = parseFilter(expression);
  expect(parseFilter(printFilter(filter))).toEqual(filter);
});

test.each(INVALID)("E3 DOC-4 refuses %j at column %i", (expression, column, words) => {
  const error = errorOf(expression);
  expect(error.column).toBe(column);
  expect(error.message).toContain(words);
});

test("E3 an error in column 14 shows the place", () => {
  expect(errorOf('service("a") fualt').message).toBe(
    [
      'filter expression, column 14: found "fualt"; expected a keyword of X-Ray. Next step: did you mean fault.',
      '  service("a") fualt',
      "               ^",
    ].join("\n"),
  );
});

test("an error far into a long expression shows its surroundings only, and no control characters", () => {
  const { message } = errorOf(`${'user = "\u2028a" AND '.repeat(20)}\u0007`);
  const [, shown = "", pointer = ""] = message.split("\n");
  expect(shown.length).toBeLessThan(100);
  expect(message).not.toContain("\u0007");
  expect(shown[pointer.indexOf("^")]).toBe(" ");
});

test.each(TRACE_GROUPS.map(({ noun, filter }) => [noun, filter]))(
  "SMP-2 the filter of the group %s is one X-Ray takes, written as the guide writes it",
  (_noun, filter) => {
    expect(printFilter(parseFilter(filter))).toBe(filter);
  },
);

test("what X-Ray is sent has one form", () => {
  const forms: Readonly<Record<string, string>> = {
    "not fault": "!fault",
    "responseTime>2.50": "responsetime > 2.5",
    "annotation[age]": "annotation.age",
    "ok !partial duration <3": "ok AND !partial AND duration < 3",
    "fault OR error AND throttle": "fault OR (error AND throttle)",
    'service(id(name:"a")){error}': 'service("a") { error }',
    "!(fault OR error)": "!(fault OR error)",
  };
  for (const [written, sent] of Object.entries(forms)) expect(printFilter(parseFilter(written))).toBe(sent);
});

describe("E3 DOC-4 every filter that can be built is read back as it was", () => {
  const text = fc.string({ maxLength: 12, unit: "grapheme" }).filter((one) => !/["\p{Cc}]/u.test(one));
  const name = text.filter((one) => one !== "");
  const value: Readonly<Record<KeywordType, fc.Arbitrary<Value>>> = {
    boolean: fc.boolean(),
    number: fc.integer({ min: -9_999_999, max: 9_999_999 }).map((one) => one / 1000),
    string: text,
  };
  const typed = (type: KeywordType) => fc.tuple(fc.constantFrom(...OPERATORS_OF[type]), value[type]);
  const annotation = fc.stringMatching(/^[\w.]{1,12}$/).map((key) => ({ kind: "annotation" as const, key }));
  const pattern: fc.Arbitrary<NodePattern> = fc
    .record({ name, type: name, accountId: name }, { requiredKeys: [] })
    .filter((one) => Object.keys(one).length > 0);

  const simple = (keywords: readonly Keyword[]): fc.Arbitrary<Filter> => {
    const subject = fc.constantFrom(...keywords).map((keyword) => ({ kind: "keyword" as const, keyword }));
    const compared = subject.chain((one) =>
      typed(KEYWORDS[one.keyword].type).map(
        ([operator, wanted]): Filter => ({ kind: "compares", subject: one, operator, value: wanted }),
      ),
    );
    const bare = subject.filter(({ keyword }) => KEYWORDS[keyword].type !== "number");
    return fc.oneof(
      compared,
      bare.map((one): Filter => ({ kind: "holds", subject: one })),
    );
  };
  const annotated: fc.Arbitrary<Filter> = fc.oneof(
    annotation.map((subject): Filter => ({ kind: "holds", subject })),
    fc
      .tuple(annotation, fc.constantFrom<KeywordType>("boolean", "number", "string").chain(typed))
      .map(
        ([subject, [operator, wanted]]): Filter => ({ kind: "compares", subject, operator, value: wanted }),
      ),
  );
  const combined = (leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> =>
    fc.letrec<{ whole: Filter }>((tie) => ({
      whole: fc.oneof(
        { depthSize: "small" },
        leaf,
        tie("whole").map(not),
        fc.array(tie("whole"), { minLength: 1, maxLength: 3 }).map(all),
        fc.array(tie("whole"), { minLength: 1, maxLength: 3 }).map(any),
      ),
    })).whole;
  const braces = (scope: Scope): fc.Arbitrary<Filter | undefined> => {
    const leaves = simple(keywordsIn(scope));
    const inner = scope === "service" || scope === "edge" ? fc.oneof(leaves, annotated) : leaves;
    return fc.option(combined(inner), { nil: undefined });
  };
  const node: fc.Arbitrary<Filter> = fc
    .record({ node: fc.option(pattern, { nil: undefined }), where: braces("service") })
    .map((one): Filter => ({ kind: "service", ...one }));
  const edge: fc.Arbitrary<Filter> = fc
    .record({ source: pattern, destination: pattern, where: braces("edge") })
    .map((one): Filter => ({ kind: "edge", ...one }));
  const cause: fc.Arbitrary<Filter> = fc
    .constantFrom(...ROOT_CAUSES)
    .chain((one) => braces(one).map((where): Filter => ({ kind: "cause", cause: one, where })));
  const group: fc.Arbitrary<Filter> = fc
    .tuple(fc.constantFrom<"name" | "arn">("name", "arn"), fc.constantFrom<"=" | "!=">("=", "!="), text)
    .map(
      ([field, operator, wanted]): Filter => ({
        kind: "compares",
        subject: { kind: "group", field },
        operator,
        value: wanted,
      }),
    );
  const json: fc.Arbitrary<Filter> = fc
    .array(
      fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 9 }), { noNullPrototype: true }),
      {
        maxLength: 2,
      },
    )
    .map((causes): Filter => ({ kind: "cause-json", operator: "=", causes }));
  const filter = combined(fc.oneof(simple(keywordsIn("trace")), annotated, node, edge, cause, group, json));

  test("by property", () => {
    fc.assert(
      fc.property(filter, (built) => {
        const written = printFilter(built);
        fc.pre(written.length <= 2000);
        expect(parseFilter(written)).toEqual(built);
      }),
      { numRuns: 400 },
    );
  });

  test("nothing but an expression or an error that names a column comes of any text", () => {
    const pieces = fc.constantFrom(
      ...'fault annotation . [ ] ( ) { } ! = != < # " , : id service edge AND OR 5 - rootcause.json'.split(
        " ",
      ),
    );
    const garbage = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(pieces, { maxLength: 15 }).map((all) => all.join(" ")),
    );
    fc.assert(
      fc.property(garbage, (written) => {
        try {
          parseFilter(written);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError);
          const { column } = error as FilterError;
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual(written.length + 1);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test("a text the guide has no way to write is refused instead of sent", () => {
  const filter: Filter = {
    kind: "compares",
    subject: { kind: "keyword", keyword: "user" },
    operator: "=",
    value: 'a" OR fault OR user = "b',
  };
  expect(() => printFilter(filter)).toThrow(InputError);
});

test("keywords are known by their name alone", () => {
  expect(["fault", "constructor", "toString", "__proto__"].filter(isKeyword)).toEqual(["fault"]);
});
