import { readFileSync } from "node:fs";
import { RULES } from "../../policies/rules/registry";
import { RULES_PAGE, rulesPage } from "../../tooling/rules-page";

describe("docs/rules.md", () => {
  test("is what the rules say; npm run docs:rules writes it", () => {
    expect(readFileSync(RULES_PAGE, "utf8")).toBe(rulesPage());
  });

  test("names every rule once", () => {
    const page = rulesPage();
    for (const { id } of RULES) expect(page.split(`| \`${id}\` |`)).toHaveLength(2);
  });
});
