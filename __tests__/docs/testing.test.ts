import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { survey } from "../../tooling/traceability/evidence";
import { TOOL_NAMES } from "../support/tools";

const ROOT = resolve(__dirname, "..", "..");
const PAGE = readFileSync(join(ROOT, "docs", "testing.md"), "utf8");
const TIERS = ["unit", "emulator", "browser", "preprod"];

const rows = PAGE.split("\n").filter((line) => /^\| (?!Tier|-)/.test(line));
const cellsOf = (row: string): readonly string[] => row.split("|").map((cell) => cell.trim());

/** Tools a tier's row says its tests name. */
const toolsOf = (tier: string): readonly string[] => {
  const row = rows.find((one) => cellsOf(one)[1] === tier) ?? "";
  return TOOL_NAMES.filter((tool) => row.includes(`\`${tool}\``));
};

const sources = readdirSync(join(ROOT, "__tests__"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.startsWith("fixtures"))
  .map((name) => readFileSync(join(ROOT, "__tests__", name), "utf8"));

/** Suites that need one of some tools. */
const suitesWith = (tools: readonly string[]): number =>
  sources.filter((text) =>
    [...text.matchAll(/describeWith\(\s*\[([^\]]*)\]/g)].some(([, named = ""]) =>
      tools.some((tool) => named.includes(`"${tool}"`)),
    ),
  ).length;

test("VER-3 the four tiers are documented, cheapest first", () => {
  expect(rows.map((row) => cellsOf(row)[1])).toEqual(TIERS);
});

test("VER-3 every external program belongs to exactly one tier", () => {
  const claimed = TIERS.flatMap(toolsOf);
  expect([...claimed].sort()).toEqual([...TOOL_NAMES].sort());
  expect(toolsOf("browser")).toEqual(["chromium"]);
});

test("VER-3 every tier has tests, and the last one gates", () => {
  const units = sources.filter((text) => /^test\(/m.test(text) && !text.includes("describeWith("));
  expect(units.length).toBeGreaterThan(20);
  for (const tier of ["emulator", "browser"]) expect(suitesWith(toolsOf(tier))).toBeGreaterThan(0);
  const gates = [...survey(ROOT).evidence.values()].flatMap((one) => one.gates);
  expect(gates).toContain("doctor/gates/cold-start.ts");
});
