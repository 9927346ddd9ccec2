import { play } from "../../../instruments/rehearse/effects/play";
import { Matrix } from "../../../instruments/rehearse/matrix";
import type { Effect, Scenario } from "../../../instruments/rehearse/scenario";
import { quietDay } from "../../../instruments/rehearse/world/day";
import { worldOf } from "../../../instruments/rehearse/world/world";
import { alarm, customAlarm, job, lambdaAlarm, merged, stack, worker } from "./stack";

const onWorker = { dimensions: { FunctionName: "worker" } };
const waiting = {
  namespace: "AWS/SQS",
  metric_name: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName: "lost" },
  statistic: "Maximum",
};
const terraform = stack(
  [merged(job(), worker())],
  customAlarm("bad", "Bad"),
  lambdaAlarm("slow", "Duration", { statistic: "Maximum", threshold: 20_000 }),
  lambdaAlarm("errors", "Errors", onWorker),
  lambdaAlarm("runs", "Invocations", { ...onWorker, threshold: 1e9 }),
  alarm("lost", waiting),
);
const world = worldOf(terraform, { eventsPerMinute: 10 });
const SLOTS = 600;
const day = quietDay(world, SLOTS);

function scenarioOf(...effects: readonly Effect[]): Scenario {
  return { id: "one", title: "One", kind: "fault", startsAt: 6000, lastsSeconds: 600, effects };
}

/** Sums minute by minute of one metric, from ten minutes before the scenario. */
function sums(name: string, ...effects: readonly Effect[]): (slot: number) => number {
  const facts = [...world.series.values()].find((one) => one.ref.name === name);
  const key = facts?.key ?? "";
  const track = play(world, day, scenarioOf(...effects), 0, "sure").get(key) ?? day.tracks.get(key);
  return (slot) => (track?.value[slot] as number) * (track?.count?.[slot] ?? 1);
}

describe("effects", () => {
  test("B1 silent: no datapoint inside the window, the usual ones outside", () => {
    const bad = sums("Bad", { do: "silent", select: { metric: "Bad" } });
    expect([bad(99), bad(100), bad(109), bad(110)]).toEqual([0, Number.NaN, Number.NaN, 0]);
  });

  test("B1 set, and only for a while", () => {
    const bad = sums("Bad", {
      do: "set",
      value: 4,
      select: { metric: "B*" },
      afterSeconds: 60,
      lastsSeconds: 120,
    });
    expect([bad(100), bad(101), bad(102), bad(103)]).toEqual([0, 4, 4, 0]);
  });

  test("B1 set speaks again after silence", () => {
    const select = { metric: "Bad" };
    const bad = sums("Bad", { do: "silent", select }, { do: "set", value: 2, select });
    expect(bad(105)).toBe(2);
  });

  test("B1 set-to-limit and multiply stop at what a sample can reach", () => {
    const select = { metric: "Duration" };
    expect(sums("Duration", { do: "set-to-limit", share: 0.5, select })(100)).toBe(15_000);
    expect(sums("Duration", { do: "multiply", by: 1000, select })(100)).toBe(30_000);
  });

  test("B1 add", () => {
    expect(sums("Bad", { do: "add", value: 3, select: { source: "custom" } })(100)).toBe(3);
  });

  test("B1 shift moves datapoints and leaves a gap", () => {
    const bad = sums("Bad", { do: "shift", seconds: 120, select: { metric: "Bad" } });
    expect([bad(100), bad(101), bad(102), bad(111), bad(112)]).toEqual([Number.NaN, Number.NaN, 0, 0, 0]);
  });

  test("B1 traffic scales what events start", () => {
    const runs = sums("Invocations", { do: "traffic", by: 3, select: { function: "worker" } });
    expect([runs(99), runs(100), runs(110)]).toEqual([10, 30, 10]);
  });

  test("B1 errors: a share of runs fails, and retries are runs", () => {
    const tenth: Effect = { do: "errors", share: 0.1, select: { function: "worker" } };
    expect(sums("Errors", tenth)(100)).toBeCloseTo(1);
    expect(sums("Invocations", tenth)(102)).toBeGreaterThan(10);
  });

  test("B1 errors: what fails every attempt ends in the dead-letter queue", () => {
    const poison: Effect = { do: "errors", share: 1, events: 1, select: { function: "worker" } };
    const errors = sums("Errors", poison);
    expect([100, 101, 102, 103, 104].map((slot) => Math.round(errors(slot)))).toEqual([1, 1, 0, 1, 0]);
    const lost = sums("ApproximateNumberOfMessagesVisible", poison);
    expect([lost(102), lost(103), lost(104)]).toEqual([0, 1, 1]);
  });

  test("B1 errors: a retry that succeeds leaves the queue empty", () => {
    const once: Effect = { do: "errors", share: 1, events: 1, attempts: 1, select: { function: "worker" } };
    expect(sums("Errors", once)(101)).toBe(0);
    expect(sums("ApproximateNumberOfMessagesVisible", once)(110)).toBe(0);
  });

  test("B1 a function that catches its errors shows none", () => {
    const known = { handlerErrors: "caught", invoked: "yes", emits: [], logLines: [] } as const;
    const caught = worldOf(terraform, { knowledge: { functions: { worker: known } } });
    const scenario = scenarioOf({ do: "errors", share: 1, select: { function: "worker" } });
    expect(play(caught, quietDay(caught, SLOTS), scenario, 0, "sure").size).toBe(0);
  });
});

test("B4 evaluating around a scenario gives what evaluating everything gives", () => {
  const scenarios = [
    scenarioOf({ do: "set", value: 4, select: { metric: "Bad" } }),
    scenarioOf({ do: "silent", select: { source: "custom" } }),
    scenarioOf({ do: "errors", share: 1, select: { function: "*" } }),
    scenarioOf({ do: "traffic", by: 0, select: { startedBy: "traffic" } }),
    scenarioOf({ do: "set-to-limit", share: 1, select: { metric: "Duration" } }),
    { ...scenarioOf({ do: "set", value: 4, select: { metric: "Bad" } }), startsAt: 0, lastsSeconds: 86_400 },
    { ...scenarioOf({ do: "errors", share: 1, select: { function: "*" } }), startsAt: 6 * 86_400 },
    { ...scenarioOf({ do: "traffic", by: 0.3, select: { startedBy: "traffic" } }), startsAt: 8 * 86_400 },
  ];
  const around = new Matrix(world, 60_000, 12);
  const everything = new Matrix(world, 0, 12);
  for (const scenario of scenarios) {
    const all = everything.pages({ ...scenario, lagSeconds: 60 }, "sure");
    expect([...around.pages(scenario, "sure")]).toEqual([...all]);
  }
});
