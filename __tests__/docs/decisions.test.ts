import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..", "..");
const FOLDER = join(ROOT, "docs", "decisions");
const pages = readdirSync(FOLDER)
  .filter((name) => /^\d{4}-/.test(name))
  .sort();
const read = (name: string): string => readFileSync(join(FOLDER, name), "utf8");

describe("decisions", () => {
  test("are numbered without a gap and listed in order with their titles", () => {
    expect(pages.map((name) => Number(name.slice(0, 4)))).toEqual(pages.map((_, index) => index + 1));
    const listed = read("README.md")
      .split("\n")
      .filter((line) => line.startsWith("- "));
    expect(listed).toEqual(
      pages.map((name) => {
        const [title = ""] = read(name).slice("# ".length).split("\n");
        return `- [${title.slice(0, 4)}](${name}) ${title.slice(5)}`;
      }),
    );
  });

  test.each(pages)("%s says context, positions, decision and consequences", (name) => {
    const text = read(name);
    expect(text.slice(2, 6)).toBe(name.slice(0, 4));
    expect(text).toMatch(/^Status: (?:accepted|superseded by \d{4})$/m);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(["Context", "Positions", "Decision", "Consequences"]);
  });

  test.each(pages)("%s quotes only files that exist", (name) => {
    const quoted = [...read(name).matchAll(/`((?:[\w.-]+\/)+[\w-]+\.(?:ts|cjs|mjs|md))`/g)];
    const missing = quoted.map((match) => match[1] ?? "").filter((file) => !existsSync(join(ROOT, file)));
    expect(missing).toEqual([]);
  });

  test("sources that cite a decision cite one that exists", () => {
    const cited = ["contract", "modules", "policies", "functions"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .flatMap((name) => readFileSync(join(ROOT, folder, name), "utf8").match(/\bADR \d{4}\b/g) ?? []),
    );
    const known = pages.map((name) => `ADR ${name.slice(0, 4)}`);
    expect(cited.filter((one) => !known.includes(one))).toEqual([]);
  });
});
