import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { TRACE_ARCHIVE } from "../../contract/trace-archive";
import { FilterError } from "../../doctor/filter/filter-error";
import { isKeyword, KEYWORDS, ROOT_CAUSES } from "../../doctor/filter/keywords";
import { parseFilter } from "../../doctor/filter/parser";

const PAGE = readFileSync(resolve(join(__dirname, "..", "..", "docs", "traces.md")), "utf8");

const TYPES: Readonly<Record<string, string>> = {
  "`true`, `false`, or nothing": "boolean",
  "a number": "number",
  "a text, or nothing: it is set": "string",
};

/** Keyword, type and places of every row of the table. */
const rows = [...PAGE.matchAll(/^\| (`[^|]+`) \| ([^|]+) \| ([^|]+) \|$/gm)].flatMap(
  ([, names = "", type = "", places = ""]) =>
    names
      .split(", ")
      .map((name) => ({ name: name.replaceAll("`", ""), type: TYPES[type], places: places.split(", ") })),
);

describe("docs/traces.md", () => {
  test("DOC-4 lists every keyword with its type and the places it may stand in", () => {
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(KEYWORDS).sort());
    for (const { name, type, places } of rows) {
      if (!isKeyword(name)) throw new Error(`no keyword: ${name}`);
      const { type: found, in: scopes } = KEYWORDS[name];
      const said = [
        ...new Set(scopes.map((scope) => (scope.startsWith("rootcause") ? "root cause" : scope))),
      ];
      const expected = said.map((scope) =>
        scope === "service" || scope === "edge" ? `\`${scope}\`` : scope,
      );
      expect({ name, type, places }).toEqual({ name, type: found, places: expected });
    }
    for (const cause of ROOT_CAUSES) expect(PAGE).toContain(cause.split(".").slice(0, 2).join("."));
  });

  test("shows the message of a wrong expression as it is", () => {
    const expression = 'service("a") fualt';
    expect(() => parseFilter(expression)).toThrow(FilterError);
    try {
      parseFilter(expression);
    } catch (error) {
      expect(PAGE).toContain(`\`\`\`\n${error instanceof Error ? error.message : ""}\n\`\`\``);
    }
  });

  test("DOC-6 promises what the contract says: a year", () => {
    expect(TRACE_ARCHIVE.retentionDays).toBe(365);
    expect(PAGE).toContain("after a year");
  });

  test("its example queries are expressions X-Ray takes", () => {
    const quoted = [...PAGE.matchAll(/(?:query|--mark) '([^']+)'/g)].map((match) => match[1] ?? "");
    expect(quoted.length).toBeGreaterThan(1);
    for (const expression of quoted) expect(() => parseFilter(expression)).not.toThrow();
  });
});
