import { TIMED_SERVICES } from "../../../contract/trace-structure";
import { CLOCK_DAYS, CLOCK_GATES, type DatedVerdict, readClock } from "../../../doctor/gates/clock";
import { runCommand } from "../../support/run-command";
import { about, recordedTraces, recording, soundRuns } from "./documents";

const dayOf = (index: number): string => new Date(Date.UTC(2026, 9, 25 + index)).toISOString().slice(0, 10);

/** The last of fourteen days. */
const TODAY = dayOf(13);

/** So many days up to today on which all gates passed, over the end of a month and of summer time. */
const days = (count: number): readonly DatedVerdict[] =>
  Array.from({ length: count }, (_, index) =>
    CLOCK_GATES.flatMap((gate) =>
      (gate === "latency" ? TIMED_SERVICES : [undefined]).map((service) => ({
        gate,
        service,
        day: dayOf(CLOCK_DAYS - count + index),
        verdict: "passed" as const,
      })),
    ),
  ).flat();

test("DEP-2 counts days in a row, in whatever order verdicts come", () => {
  const full = { days: CLOCK_DAYS, stoppedBy: "", verdict: "passed" };
  expect(readClock([...days(CLOCK_DAYS)].reverse(), TODAY)).toEqual(full);
  expect(readClock([], TODAY)).toEqual({ days: 0, stoppedBy: "", verdict: "undecided" });
});

test("DEP-2 the newest day is today or yesterday, neither older nor still to come", () => {
  expect(readClock(days(CLOCK_DAYS), dayOf(14))).toMatchObject({ verdict: "passed" });
  for (const today of [dayOf(15), dayOf(12), dayOf(400)])
    expect(readClock(days(CLOCK_DAYS), today)).toEqual({
      days: 0,
      stoppedBy: `the newest verdict is of ${TODAY}`,
      verdict: "undecided",
    });
});

test.each<[string, (all: readonly DatedVerdict[]) => readonly DatedVerdict[], number, string]>([
  [
    "a failure, though it passed later that day",
    (all) => [...all, { gate: "latency", service: "analysis", day: dayOf(3), verdict: "failed" }],
    10,
    `latency of analysis failed on ${dayOf(3)}`,
  ],
  [
    "a function whose time nobody compared",
    (all) => all.filter(({ service, day }) => service !== "notification" || day !== dayOf(9)),
    4,
    `latency of notification did not pass on ${dayOf(9)}`,
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
  expect(readClock(change(days(CLOCK_DAYS)), TODAY)).toMatchObject({ days: count, stoppedBy });
});

describe("DEP-2 tracewright gate clock", () => {
  /** The same days, ending yesterday. */
  const recent = (day: string): string =>
    new Date(Date.now() - (14 - days(CLOCK_DAYS).findIndex((one) => one.day === day) / 8) * 86_400_000)
      .toISOString()
      .slice(0, 10);
  const files = (verdicts: readonly DatedVerdict[], environment: string | undefined = "prod") =>
    verdicts.map(({ gate, service, day, verdict }) =>
      recording(`${gate}-${service}-${day}-${verdict}-${environment}`, {
        gate,
        environment,
        service,
        judgedAt: `${recent(day)}T12:00:00.000Z`,
        verdict,
        findings: [],
      }),
    );

  test("exits by what it counts, and says so as JSON", async () => {
    expect(await runCommand("gate", "clock", ...files(days(14)))).toMatchObject({ code: 0 });
    expect(await runCommand("gate", "clock", ...files(days(13)))).toMatchObject({
      code: 3,
      stdout: "13 of 14 days in a row\n",
    });
    const failed = { gate: "structure", day: dayOf(13), verdict: "failed" } as const;
    const { code, stdout } = await runCommand("gate", "clock", "--json", ...files([...days(14), failed]));
    expect({ code, told: JSON.parse(stdout) }).toMatchObject({
      code: 1,
      told: { gate: "clock", environment: "prod", verdict: "failed", judgedAt: expect.any(String), days: 0 },
    });
  });

  test("refuses verdicts of several environments, or of none", async () => {
    const [one, ...others] = days(14);
    const mixed = [...files(one === undefined ? [] : [one], "dev"), ...files(others)];
    expect(await runCommand("gate", "clock", ...mixed)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("verdicts of dev, prod"),
    });
    const bare = recording("bare", {
      gate: "structure",
      judgedAt: new Date().toISOString(),
      verdict: "passed",
    });
    expect(await runCommand("gate", "clock", bare)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("environment"),
    });
  });

  test("reads what the gates print, and nothing else; a recording is as old as it is", async () => {
    const gate = recording("all", { ...about("traces", "prod"), ...recordedTraces(soundRuns("prod")) });
    const judged = (file: string) =>
      runCommand("gate", "structure", "--environment", "prod", "--recorded", file, "--json");
    const verdict = recording("verdict", JSON.parse((await judged(gate)).stdout));
    expect(await runCommand("gate", "clock", verdict)).toMatchObject({
      code: 3,
      stdout: expect.stringContaining("0 of 14 days in a row; annotations did not pass on"),
    });
    expect(await runCommand("gate", "clock", gate)).toMatchObject({ code: 2 });
    const RecordedAt = "2026-01-02T03:04:05.000Z";
    const old = recording("old", { ...about("traces", "prod"), RecordedAt, ...recordedTraces([]) });
    expect(JSON.parse((await judged(old)).stdout)).toMatchObject({
      judgedAt: RecordedAt,
      environment: "prod",
    });
  });
});
