import { evaluateAlarm } from "../../../instruments/cloudwatch";
import { type Evaluate, rememberingQuiet } from "../../../instruments/rehearse/quiet-histories";
import { alarmOf, dataOf, MINUTE, minutes, T0 } from "../cloudwatch/support";

describe("what alarms do when nothing happens", () => {
  const quiet = dataOf(minutes([0, 9, 9, 9, 0, 0, 0, 9, 9, 9, null, null]));
  const changed = dataOf(minutes([9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
  const range = { startMs: T0, endMs: T0 + 12 * MINUTE };
  const part = { startMs: T0 + 5 * MINUTE, endMs: T0 + 12 * MINUTE };
  const late = { ingestionLagMs: 2 * MINUTE };
  const firing = { initialState: "ALARM" } as const;
  const alarm = alarmOf();
  const lenient = alarmOf({ threshold: 50 });

  test("B4 is evaluated once, and is what an evaluation gives, whatever was asked before", () => {
    const evaluate = rememberingQuiet(quiet);
    const questions: readonly Parameters<Evaluate>[] = [
      [alarm, quiet, range, {}],
      [alarm, quiet, part, {}],
      [alarm, quiet, range, late],
      [alarm, quiet, part, firing],
      [alarm, changed, range, {}],
      [lenient, quiet, range, {}],
    ];
    const expected = questions.map((one) => evaluateAlarm(...one));
    expect(new Set(expected.map((one) => JSON.stringify(one))).size).toBe(questions.length);
    expect(questions.map((one) => evaluate(...one))).toEqual(expected);
    expect(questions.map((one) => evaluate(...one))).toEqual(expected);
    expect(evaluate(alarm, quiet, range, {})).toBe(evaluate(alarm, quiet, range, {}));
  });

  test("a metric that is gone, or that nobody reported and somebody does now, has changed", () => {
    const evaluate = rememberingQuiet(quiet);
    const silent = evaluate(alarm, new Map(), range, {});
    expect(silent).toEqual(evaluateAlarm(alarm, new Map(), range, {}));
    expect(silent).not.toEqual(evaluate(alarm, quiet, range, {}));
    const fromNothing = rememberingQuiet(new Map());
    expect(fromNothing(alarm, quiet, range, {})).not.toEqual(fromNothing(alarm, new Map(), range, {}));
  });
});
