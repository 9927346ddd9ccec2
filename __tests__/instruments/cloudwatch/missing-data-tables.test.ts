import type { AlarmState, TreatMissingData } from "../../../instruments/cloudwatch";
import { decide, type PointClass } from "../../../instruments/cloudwatch/missing-data";
import { alarmOf, dataOf, evaluated, MINUTE, minutes, T0 } from "./support";

/** The guide's marks: oldest on the left, 0 is within the threshold, X breaches, - is missing. */
type Expected = AlarmState | "retain";
type Row = readonly [points: string, missing: Expected, ignore: Expected, breaching: Expected, not: Expected];
const INSUFFICIENT = "INSUFFICIENT_DATA";

/** Guide, "Configuring how CloudWatch alarms treat missing data", first table: 3 of 3, evaluation range 5. */
const THREE_OF_THREE: readonly Row[] = [
  ["0 - X - X", "OK", "OK", "OK", "OK"],
  ["0 - - - -", "OK", "OK", "OK", "OK"],
  ["- - - - -", INSUFFICIENT, "retain", "ALARM", "OK"],
  ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["- - X - -", "ALARM", "retain", "ALARM", "OK"],
];

/** Second table: 2 of 3, evaluation range 5. */
const TWO_OF_THREE: readonly Row[] = [
  ["0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["0 - X - -", "OK", "OK", "ALARM", "OK"],
  ["- - - - 0", "OK", "OK", "ALARM", "OK"],
  ["- - - X -", "ALARM", "retain", "ALARM", "OK"],
];

/**
 * Rows of the guide's 2018 and 2019 editions that the present one no longer prints, and its sentences under "Avoiding
 * premature transitions to alarm state": a lone fresh breach does not alarm yet, an old one does.
 */
const EARLIER_THREE_OF_THREE: readonly Row[] = [
  ["- - - - X", INSUFFICIENT, "retain", "ALARM", "OK"],
  ["X - - - -", "ALARM", "retain", "ALARM", "OK"],
  ["- - - X -", INSUFFICIENT, "retain", "ALARM", "OK"],
  ["- - - X 0", "OK", "OK", "OK", "OK"],
  ["- - X - 0", "OK", "OK", "OK", "OK"],
];
const EARLIER_TWO_OF_THREE: readonly Row[] = [["- - - - X", INSUFFICIENT, "retain", "ALARM", "OK"]];

const MODES: readonly TreatMissingData[] = ["missing", "ignore", "breaching", "notBreaching"];
const CLASS: Readonly<Record<string, PointClass>> = { "0": "ok", X: "breaching", "-": "missing" };
const VALUE: Readonly<Record<string, number | null>> = { "0": 0, X: 9, "-": null };

const cases = (rows: readonly Row[]) =>
  rows.flatMap(([points, ...states]) =>
    MODES.map((mode, i) => [points, mode, states[i] as Expected] as const),
  );

describe.each([
  [3, "the guide's table", THREE_OF_THREE],
  [2, "the guide's table", TWO_OF_THREE],
  [3, "earlier editions and text", EARLIER_THREE_OF_THREE],
  [2, "earlier editions and text", EARLIER_TWO_OF_THREE],
])("B4 missing data, %i of 3, %s", (m, _source, rows) => {
  it.each(cases(rows))("%s treated as %s is %s", (points, mode, expected) => {
    const marks = points.split(" ");
    const alarm = alarmOf({ evaluationPeriods: 3, datapointsToAlarm: m, treatMissingData: mode });
    expect(
      decide(
        marks.map((mark) => CLASS[mark] as PointClass),
        alarm,
      ),
    ).toBe(expected);

    // The same through the whole evaluator, one evaluation after the fifth point, from each state it could have had.
    const data = dataOf(minutes(marks.map((mark) => VALUE[mark] as number | null)));
    for (const initialState of ["OK", "ALARM", "INSUFFICIENT_DATA"] as const) {
      const history = evaluated(alarm, data, 1, { initialState }, T0 + 4 * MINUTE);
      expect(history.evaluations).toBe(1);
      expect(history.finalState).toBe(expected === "retain" ? initialState : expected);
    }
  });
});

it("B4 an alarm that stays OK on `0 - - - -` alarms one minute later when silence breaches", () => {
  const alarm = alarmOf({ datapointsToAlarm: 3, treatMissingData: "breaching" });
  const history = evaluated(
    alarm,
    dataOf(minutes([0, null, null, null, null, null])),
    2,
    {},
    T0 + 4 * MINUTE,
  );
  expect(history.transitions.map(({ timeMs, to }) => [(timeMs - T0) / MINUTE, to])).toEqual([
    [5, "OK"],
    [6, "ALARM"],
  ]);
});
