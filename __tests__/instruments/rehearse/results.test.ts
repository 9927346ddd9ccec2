import { exitOf } from "../../../instruments/rehearse/command";
import type { ScenarioFile } from "../../../instruments/rehearse/scenario-schema";
import { customAlarm, job, known, lambdaAlarm, rehearsed, stack } from "./stack";

type Scenario = ScenarioFile["scenarios"][number];

const play = (rest: Partial<Scenario>): Scenario => ({
  id: "one",
  title: "One",
  kind: "fault",
  lastsSeconds: 3600,
  effects: [{ do: "set", value: 1, select: { metric: "Bad" } }],
  ...rest,
});
const good = stack([job()], customAlarm("bad", "Bad"));
const slowness: Scenario["effects"] = [
  { do: "multiply", by: 3, select: { namespace: "AWS/Lambda", metric: "Duration", function: "job" } },
];
const exit = (terraform: typeof good, scenario: Scenario, settings = {}) => {
  const rehearsal = rehearsed(terraform, [scenario], { knowledge: known("Bad", "Alive"), ...settings });
  return [rehearsal.rows[0]?.result, exitOf(rehearsal)];
};

describe("what a rehearsal comes to", () => {
  test("B1 a detected fault is fine, with the seconds to its page", () => {
    const rehearsal = rehearsed(good, [play({})], { knowledge: known("Bad") });
    expect(rehearsal.rows[0]).toMatchObject({ result: "detected", firstPage: 120 });
    expect(exitOf(rehearsal)).toBe(0);
  });

  test("B1 an undetected fault fails", () => {
    expect(exit(good, play({ effects: slowness }))).toEqual(["undetected", 1]);
  });

  test("B1 a fault promised from a larger tier is not promised at a smaller one, and only there", () => {
    const scenario = play({ effects: slowness, promisedFrom: "standard" });
    expect(exit(good, scenario, { tier: "essential" })).toEqual(["not-promised", 0]);
    expect(exit(good, scenario, { tier: "standard" })).toEqual(["undetected", 1]);
  });

  test("B1 a page on a quiet day fails", () => {
    expect(exit(good, play({ kind: "quiet" }))).toEqual(["paged", 1]);
  });

  test("B1 an alarm without actions pages nobody", () => {
    const mute = stack([job()], customAlarm("bad", "Bad", { alarm_actions: [] }));
    expect(exit(mute, play({}))).toEqual(["undetected", 1]);
    const off = stack([job()], customAlarm("bad", "Bad", { actions_enabled: false }));
    expect(exit(off, play({}))).toEqual(["undetected", 1]);
  });

  test("B1 actions on missing data page too, when data stops", () => {
    const insufficient_data_actions = ["arn:aws:sns:eu-west-1:123456789012:alarms"];
    const loud = stack([job()], customAlarm("bad", "Bad", { insufficient_data_actions }));
    const gone = play({ effects: [{ do: "silent", select: { metric: "Bad" } }] });
    expect(exit(loud, gone)).toEqual(["detected", 0]);
    expect(exit(good, gone)).toEqual(["undetected", 1]);
  });

  test("B1 an alarm that cannot fire fails although nothing else does", () => {
    const broken = stack([job()], customAlarm("bad", "Bad"), lambdaAlarm("no", "Mistakes"));
    expect(exit(broken, play({}))).toEqual(["detected", 1]);
  });

  test("B1 what cannot be evaluated is neither a pass nor a finding", () => {
    const open = stack(
      [job()],
      customAlarm("bad", "Bad"),
      customAlarm("later", "Bad", { threshold: "${var.x}" }),
    );
    expect(exit(open, play({}))).toEqual(["detected", 3]);
  });

  test("B1 late data is played with its own lag", () => {
    const alive = customAlarm("alive", "Alive", {
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      period: 60,
      treat_missing_data: "breaching",
    });
    const late = play({ kind: "quiet", effects: [], lagSeconds: 900 });
    expect(exit(stack([job()], alive), late)).toEqual(["paged", 1]);
  });

  test("B1 normal values of the scenario file count", () => {
    const normal = [{ select: { metric: "Bad" }, value: 5 }];
    const { alarms } = rehearsed(good, [play({})], { scenarios: { normal, scenarios: [play({})] } });
    expect(alarms[0]?.verdict).toMatchObject({ kind: "cannot", reason: "rests-in-alarm" });
  });
});
