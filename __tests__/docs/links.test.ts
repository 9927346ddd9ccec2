import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..", "..");

/** Written by hand; the traceability table is generated and has no links. */
const pages = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md") && name !== "traceability.md")
  .map((name) => join("docs", name))
  .concat("CONTRIBUTING.md");

/** Files a page links to that do not exist. */
function lostLinks(page: string, text: string): readonly string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(ROOT, dirname(page), link)));
}

test("a link to nothing is seen", () => {
  expect(
    lostLinks("docs/a.md", "[a](nowhere.md) [b](https://example.com) `[c](d)` [e](page.md#top)"),
  ).toEqual(["nowhere.md"]);
});

test.each(pages)("every file %s links exists", (page) => {
  expect(lostLinks(page, readFileSync(join(ROOT, page), "utf8"))).toEqual([]);
});
