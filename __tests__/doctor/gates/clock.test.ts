import { CLOCK_DAYS, CLOCK_GATES, type DatedVerdict, readClock } from "../../../doctor/gates/clock";
import { runCommand } from "../../support/run-command";
import { recordedTraces, recording, soundRuns } from "./documents";

const dayOf = (index: number): string => new Date(Date.UTC(2026, 9, 25 + index)).toISOString().slice(0, 10);

/** So many days on which all gates passed, over the end of a month and of summer time. */
const days = (count: number): readonly DatedVerdict[] =>
  Array.from({ length: count }, (_, index) =>
    CLOCK_GATES.map((gate) => ({ gate, day: dayOf(index), verdict: "passed" as const })),
  ).flat();

test("DEP-2 counts days in a row, in whatever order verdicts come", () => {
  expect(readClock([...days(CLOCK_DAYS)].reverse())).toEqual({ days: CLOCK_DAYS, stoppedBy: "" });
  expect(readClock([])).toEqual({ days: 0, stoppedBy: "" });
});

test.each<[string, (all: readonly DatedVerdict[]) => readonly DatedVerdict[], number, string]>([
  [
    "a failure, though it passed later that day",
    (all) => [...all, { gate: "latency", day: dayOf(3), verdict: "failed" }],
    10,
    `latency failed on ${dayOf(3)}`,
  ],
  [
    "a day nobody looked",
    (all) => all.filter(({ day }) => day !== dayOf(12)),
    1,
    `structure did not pass on ${dayOf(12)}`,
  ],
  [
    "a gate that could not tell",
    (all) =>
      all.map((one) =>
        one.day === dayOf(13) && one.gate === "annotations" ? { ...one, verdict: "undecided" } : one,
      ),
    0,
    `annotations did not pass on ${dayOf(13)}`,
  ],
])("DEP-2 %s resets the clock", (_, change, count, stoppedBy) => {
  expect(readClock(change(days(CLOCK_DAYS)))).toEqual({ days: count, stoppedBy });
});

describe("DEP-2 tracewright gate clock", () => {
  const files = (verdicts: readonly DatedVerdict[]) =>
    verdicts.map(({ gate, day, verdict }) =>
      recording(`${gate}-${day}-${verdict}`, {
        gate,
        judgedAt: `${day}T23:30:00.000Z`,
        verdict,
        findings: [],
      }),
    );

  test("exits by what it counts", async () => {
    expect(await runCommand("gate", "clock", ...files(days(14)))).toMatchObject({ code: 0 });
    expect(await runCommand("gate", "clock", ...files(days(13)))).toMatchObject({
      code: 3,
      stdout: "13 of 14 days in a row\n",
    });
    const failed = { gate: "structure", day: dayOf(13), verdict: "failed" } as const;
    expect(await runCommand("gate", "clock", ...files([...days(14), failed]))).toMatchObject({ code: 1 });
  });

  test("reads what the gates print, and nothing else", async () => {
    const gate = recording("all", recordedTraces(soundRuns("prod")));
    const { stdout } = await runCommand(
      "gate",
      "structure",
      "--environment",
      "prod",
      "--recorded",
      gate,
      "--json",
    );
    const verdict = recording("verdict", JSON.parse(stdout));
    expect(await runCommand("gate", "clock", verdict)).toMatchObject({
      code: 3,
      stdout: expect.stringContaining("0 of 14 days in a row; annotations did not pass on"),
    });
    expect(await runCommand("gate", "clock", gate)).toMatchObject({ code: 2 });
  });
});
