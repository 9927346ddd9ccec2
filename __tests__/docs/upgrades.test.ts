import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { titlesOf } from "../support/test-titles";

const ROOT = resolve(__dirname, "..", "..");
const FOLDER = join(ROOT, "docs", "upgrades");
const pages = readdirSync(FOLDER).filter((name) => name.endsWith(".md") && name !== "README.md");
const read = (name: string): string => readFileSync(join(FOLDER, name), "utf8");

interface Gate {
  readonly what: string;
  readonly file: string;
  readonly title: string;
}

/** The rows of a page's table of gates; a row without file and title is an error. */
function gatesIn(text: string): readonly Gate[] {
  const rows = text.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| Gate |"));
  return rows.map((row) => {
    const [, what = "", file = "", title = ""] = /^\| (.+?) \| `([^`]+)`: (.+) \|$/.exec(row) ?? [];
    if (title === "") throw new Error(`a gate without a test: ${row}`);
    return { what, file, title };
  });
}

test("DEP-6 there is a runbook for the collector and one for OpenTelemetry, both listed", () => {
  expect(pages.sort()).toEqual(["collector.md", "opentelemetry-js.md"]);
  for (const page of pages) expect(read("README.md")).toContain(`](${page})`);
});

test("DEP-6 a gate without a test is an error", () => {
  expect(() => gatesIn("| Gate | Test |\n|---|---|\n| spans arrive | somebody looks |\n")).toThrow(
    /without a test/,
  );
});

test.each(pages.flatMap((page) => gatesIn(read(page)).map((gate) => [page, gate] as const)))(
  "DEP-6 SC-125 SC-138 %s names a test that exists: %o",
  (_page, { file, title }) => {
    expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
    const titles = titlesOf(readFileSync(join(ROOT, file), "utf8"));
    expect(titles.filter((one) => one.includes(title))).not.toEqual([]);
  },
);

test.each(pages)("DEP-6 %s says how to measure and how to go back", (page) => {
  expect(gatesIn(read(page)).length).toBeGreaterThan(8);
  expect(read(page)).toMatch(/^To go back|To go back:/m);
  expect(read(page)).toContain("nothing else in this change");
});
