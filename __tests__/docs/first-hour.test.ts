import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const ROOT = resolve(__dirname, "..", "..");
const PAGE = readFileSync(resolve(ROOT, "docs", "first-hour.md"), "utf8");

/** Commands of the page, each with the lines it is said to print. */
const STEPS = [...PAGE.matchAll(/```sh\n((?:(?!```).)*)```\n\n```\n((?:(?!```).)*)```/gs)].map(
  ([, commands = "", printed = ""]) => ({
    commands,
    printed: printed.trim().split("\n"),
  }),
);

/** The page's line as a pattern: `…` stands for what it leaves out, indentation does not count. */
function patternOf(line: string): RegExp {
  const parts = line.trim().split("…");
  return new RegExp(
    `^\\s*${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}`,
    "m",
  );
}

function run(commands: string): string {
  mkdirSync(resolve(ROOT, "build"), { recursive: true });
  const script = commands.replaceAll("npx tracewright", `"${process.execPath}" tooling/tracewright.mjs`);
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { cwd: ROOT, encoding: "utf8" });
  return stdout + stderr;
}

test("E8 the page provokes failures with check, rehearse, doctor and traces", () => {
  // What installs or plans is for the reader: here it would replace the packages under the running tests.
  for (const { commands } of STEPS) expect(commands).not.toContain("npm ");
  const names = STEPS.map(({ commands }) => /npx tracewright (\w+)/.exec(commands)?.[1]);
  expect(names).toEqual(["check", "rehearse", "check", "rehearse", "doctor", "traces"]);
});

test.each(STEPS)("E8 $commands prints what the page says", ({ commands, printed }) => {
  const output = run(commands);
  for (const line of printed) expect(output).toMatch(patternOf(line));
});
