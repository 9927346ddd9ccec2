import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { KILL_SWITCH_CRITERIA } from "../../contract/kill-switch";
import { ROLLBACK_FEWEST_STARTS, ROLLBACK_MEASURES, ROLLBACK_TRIGGERS } from "../../contract/rollback";
import { doctorCommands } from "../../doctor/commands";
import { CLOCK_DAYS } from "../../doctor/gates/clock";
import { DRIFT_MINUTES } from "../../doctor/gates/drift";
import { FEWEST_TRACES, MOST_ADDED } from "../../doctor/gates/latency";
import { LEAST_RETAINED, STREAM_SECONDS } from "../../doctor/gates/retention";
import { SKEW_MINUTES } from "../../doctor/gates/versions";

const ROOT = resolve(__dirname, "..", "..");
const PAGE = readFileSync(join(ROOT, "docs", "release-gates.md"), "utf8");

const silent = {
  width: 100,
  out: () => undefined,
  progress: () => undefined,
  paint: (_: unknown, text: string) => text,
};

test("DEP-2 every gate has a row, and every row is a gate", () => {
  const gates = doctorCommands(silent).find((one) => one.name() === "gate")?.commands ?? [];
  const [, table = ""] = /## Gates\n([\s\S]*?)\n## Rollback/.exec(PAGE) ?? [];
  const rows = [...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect([...rows].sort()).toEqual(gates.map((one) => one.name()).sort());
});

test("DEP-2 DEP-5 VER-1 its figures are those the gates use", () => {
  expect(PAGE).toContain(`at most ${MOST_ADDED * 100} % above p99 before, ${FEWEST_TRACES} traces`);
  expect(PAGE).toContain(`of ten streams of ${STREAM_SECONDS} s`);
  expect(PAGE).toContain(`p99 is over all cold starts since, ${ROLLBACK_FEWEST_STARTS} at least`);
  expect(PAGE).toContain(`${LEAST_RETAINED * 100} % of the spans`);
  expect(PAGE).toContain(`mixed ones get ${SKEW_MINUTES} minutes`);
  expect(PAGE).toContain(`within ${DRIFT_MINUTES} minutes of a permission`);
  expect(PAGE).toContain(`on ${CLOCK_DAYS} days in a row`);
});

test("DEP-4 its triggers are those of the contract", () => {
  for (const measure of ROLLBACK_MEASURES) {
    const { bad, threshold, unit, inARow, afterwards } = ROLLBACK_TRIGGERS[measure];
    const after = afterwards === undefined ? "" : `${afterwards} ${unit} `;
    expect(PAGE).toContain(`| ${bad} ${threshold} ${unit} in ${inARow} periods | ${after}|`);
  }
});

test("DEP-3 it says what comes before the switch, when to throw it, and when it takes effect", () => {
  const { exportFailures, initMs } = KILL_SWITCH_CRITERIA;
  expect(PAGE).toMatch(/Sample less first[\s\S]*Switch off when/);
  expect(PAGE).toContain(
    `more than ${exportFailures.share * 100} % of exports fail for ${exportFailures.minutes} minutes`,
  );
  expect(PAGE).toContain(`more than ${initMs} ms to start`);
  expect(PAGE).toContain("Environments that start from then on run so");
});
