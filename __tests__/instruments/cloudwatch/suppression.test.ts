import type { AlarmHistory, AlarmState } from "../../../instruments/cloudwatch";
import { actionsOf, type Suppressor } from "../../../instruments/cloudwatch/suppression";

/** A time unit of the guide's drawings. */
const UNIT = 60_000;
const at = (unit: number) => unit * UNIT;

/** A history that starts in OK and changes at the given units. */
function historyOf(...changes: [unit: number, to: AlarmState][]): AlarmHistory {
  let state: AlarmState = "OK";
  const transitions = changes.map(([unit, to]) => {
    const from = state;
    state = to;
    return { timeMs: at(unit), from, to, reason: "test" };
  });
  return { kind: "evaluated", initialState: "OK", finalState: state, transitions, evaluations: 0 };
}

describe("the guide's examples of suppression: wait 2 units, extension 3", () => {
  const timing: Suppressor = { alarm: "s", waitSeconds: 120, extensionSeconds: 180 };
  const cases: [
    string,
    AlarmHistory,
    AlarmHistory,
    [number, AlarmState][],
    [string, number, number | undefined][],
  ][] = [
    [
      "1 not suppressed after the wait",
      historyOf([2, "ALARM"]),
      historyOf(),
      [[4, "ALARM"]],
      [["WaitPeriod", 2, 4]],
    ],
    [
      "2 suppressed by the alarm before the wait ends",
      historyOf([2, "ALARM"]),
      historyOf([3, "ALARM"]),
      [],
      [
        ["WaitPeriod", 2, 3],
        ["Alarm", 3, undefined],
      ],
    ],
    [
      "3 a change during the wait starts it anew",
      historyOf([2, "ALARM"], [3, "OK"]),
      historyOf(),
      [[5, "OK"]],
      [
        ["WaitPeriod", 2, 3],
        ["WaitPeriod", 3, 5],
      ],
    ],
    [
      "4 the suppressor is already in alarm",
      historyOf([2, "ALARM"]),
      historyOf([1, "ALARM"]),
      [],
      [["Alarm", 2, undefined]],
    ],
    [
      "5 not suppressed after the extension",
      historyOf([2, "ALARM"]),
      historyOf([3, "ALARM"], [6, "OK"]),
      [[9, "ALARM"]],
      [
        ["WaitPeriod", 2, 3],
        ["Alarm", 3, 6],
        ["ExtensionPeriod", 6, 9],
      ],
    ],
    [
      "6 a change during the extension starts a wait",
      historyOf([2, "ALARM"], [7, "OK"]),
      historyOf([3, "ALARM"], [6, "OK"]),
      [[9, "OK"]],
      [
        ["WaitPeriod", 2, 3],
        ["Alarm", 3, 6],
        ["ExtensionPeriod", 6, 7],
        ["WaitPeriod", 7, 9],
      ],
    ],
    [
      "the suppressor alarms again during the extension",
      historyOf([2, "ALARM"]),
      historyOf([1, "ALARM"], [5, "OK"], [6, "ALARM"]),
      [],
      [
        ["Alarm", 2, 5],
        ["ExtensionPeriod", 5, 6],
        ["Alarm", 6, undefined],
      ],
    ],
    [
      "a suppressor that alarms as the wait ends is in time",
      historyOf([2, "ALARM"]),
      historyOf([4, "ALARM"]),
      [],
      [
        ["WaitPeriod", 2, 4],
        ["Alarm", 4, undefined],
      ],
    ],
    [
      "a suppressor that alarms after the action comes too late, and its end owes nothing",
      historyOf([2, "ALARM"]),
      historyOf([5, "ALARM"], [7, "OK"]),
      [[4, "ALARM"]],
      [["WaitPeriod", 2, 4]],
    ],
  ];
  it.each(cases)("%s", (_name, composite, suppressor, actions, suppressions) => {
    expect(actionsOf(composite, suppressor, timing, at(20))).toEqual({
      actions: actions.map(([unit, state]) => ({ timeMs: at(unit), state })),
      suppressions: suppressions.map(([by, from, to]) => ({
        by,
        fromMs: at(from),
        toMs: to === undefined ? undefined : at(to),
      })),
    });
  });

  it("no period means no delay, no suppressor means every change acts", () => {
    const now = { alarm: "s", waitSeconds: 0, extensionSeconds: 0 };
    const composite = historyOf([2, "ALARM"], [6, "OK"]);
    expect(actionsOf(composite, historyOf([4, "ALARM"], [8, "OK"]), now, at(20)).actions).toEqual([
      { timeMs: at(2), state: "ALARM" },
      { timeMs: at(8), state: "OK" },
    ]);
    expect(actionsOf(composite, undefined, undefined, at(20)).actions).toHaveLength(2);
  });

  it("a wait that outlives the range has not acted", () => {
    expect(actionsOf(historyOf([2, "ALARM"]), historyOf(), timing, at(3))).toEqual({
      actions: [],
      suppressions: [{ by: "WaitPeriod", fromMs: at(2), toMs: undefined }],
    });
  });
});
