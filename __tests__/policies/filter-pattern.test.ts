import { exampleLines, LOG_EVENTS, filterPattern as written } from "../../contract/logs";
import { filterPattern } from "../../policies/rules/filter-pattern/filter-pattern";
import { matchesPattern } from "../support/filter-pattern";

/** Whether a line matches; `undefined` when the pattern is not evaluated, the complaint when it is not valid. */
function outcome(pattern: string, line: string): boolean | string | undefined {
  const read = filterPattern(pattern);
  if (read.kind === "invalid") return read.why;
  return read.kind === "opaque" ? undefined : read.matches(line);
}

const LINE = JSON.stringify({
  level: "ERROR",
  code: 503,
  ok: false,
  missing: null,
  user: { id: "a.b", tags: ["x", "y"] },
  "odd key": 1,
});

describe("filter patterns of CloudWatch Logs", () => {
  test.each<[string, boolean]>([
    ['{ $.level = "ERROR" }', true],
    ["{ $.level = ERROR }", true],
    ['{ $.level = "ERR*" }', true],
    ['{ $.level = "error" }', false],
    ['{ $.level != "INFO" }', true],
    ['{ $.absent != "INFO" }', false],
    ["{ $.code = 503 }", true],
    ["{ $.code >= 500 && $.code < 600 }", true],
    ["{ $.code > 503 || $.code <= 400 }", false],
    ["{ ($.code > 600 || $.code = 503) && $.ok IS FALSE }", true],
    ["{ $.ok IS TRUE }", false],
    ["{ $.missing IS NULL }", true],
    ["{ $.absent NOT EXISTS }", true],
    ["{ $.level NOT EXISTS }", false],
    ['{ $.user.id = "a.b" }', true],
    ['{ $.user.id = "axb" }', false],
    ['{ $.user.tags[1] = "y" }', true],
    ['{ $.["odd key"] = 1 }', true],
    ["{ $.level = %^ERR% }", true],
    ["ERROR", true],
    ['"level" -INFO', true],
    ["ERROR -503", false],
    ["?WARN ?ERROR", true],
    ["?WARN ?INFO", false],
    ["", true],
  ])("%s on a JSON line is %s", (pattern, matches) => {
    expect(outcome(pattern, LINE)).toBe(matches);
  });

  test("JSON patterns match nothing in other text", () => {
    expect(outcome('{ $.level = "ERROR" }', 'INFO {"level":"ERROR"}')).toBe(false);
    expect(outcome("{ $.a = 1 }", "1")).toBe(false);
  });

  test.each([
    ['{ $.level == "ERROR" }', "cannot be read"],
    ['{ $.level = "ERROR"', "brace"],
    ["{ $.level = %[% }", "regular expression"],
    ["{ }", "compares nothing"],
    ["{ $.level }", "comparison is missing"],
    ["{ $.level = }", "not followed by a value"],
    ["{ $.code > high }", "with a number"],
    ["{ ($.a = 1 }", "not closed"],
    ["{ $.a IS BIG }", "TRUE, FALSE or NULL"],
    ["{ $.a = 1 $.b = 2 }", "not expected"],
    ["[time, level", "bracket"],
    ["%ERROR", "second %"],
    ['"ERROR', "quote"],
    ["x".repeat(1025), "1024"],
  ])("%s is not valid", (pattern, why) => {
    expect(outcome(pattern, LINE)).toContain(why);
  });

  test("space-delimited fields and bare regular expressions are not evaluated", () => {
    expect(outcome("[time, level = ERROR, ...]", LINE)).toBeUndefined();
    expect(outcome("%ERR.R%", LINE)).toBeUndefined();
  });

  test("agrees with the suite's own reader on the patterns we write", () => {
    const lines = [LINE, "text", "{}", '{"type":"platform.report"}', '{"metric_fallback":true}'];
    for (const event of Object.values(LOG_EVENTS)) {
      const pattern = written(event);
      for (const line of [...lines, ...exampleLines(event)])
        expect(outcome(pattern, line)).toBe(matchesPattern(pattern, line));
    }
  });
});
