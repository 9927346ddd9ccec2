import fc from "fast-check";
import { className, DECISIONS, decisions, pointsAt } from "../../../instruments/cloudwatch/evaluation";
import { decide } from "../../../instruments/cloudwatch/missing-data";
import { slide } from "../../../instruments/cloudwatch/window";
import { naiveStates } from "./naive";
import {
  alarmOf,
  anyAlarm,
  anyMinutes,
  anyMofN,
  dataOf,
  evaluated,
  ingested,
  MINUTE,
  minutes,
  RUNS,
  statesOf,
  T0,
} from "./support";

/** True when every minute in `inner`'s ALARM is one in `outer`'s. */
const within = (inner: readonly string[], outer: readonly string[]) =>
  inner.every((state, i) => state !== "ALARM" || outer[i] === "ALARM");

const anySamples = fc.array(
  fc.record({
    timestamp: fc.integer({ min: T0 - 5 * MINUTE, max: T0 + 20 * MINUTE }),
    value: fc.integer({ min: 0, max: 10 }),
  }),
  { maxLength: 40 },
);

describe("B4 invariants of evaluation, 5,000 random series each", () => {
  it("equals the evaluation written from the definition: every mode, statistic, period and lag", () => {
    fc.assert(
      fc.property(
        anyAlarm,
        anySamples,
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 3 }),
        (alarm, samples, lag, extraDatapoints) => {
          const options = { ingestionLagMs: lag * MINUTE, extraDatapoints };
          const history = evaluated(alarm, dataOf(ingested(samples)), 20, options);
          expect(statesOf(history, 20)).toEqual(naiveStates(alarm, samples, T0, 20, lag, extraDatapoints));
        },
      ),
      RUNS,
    );
  });

  it("`breaching` alarms whenever `missing` does, `missing` whenever `notBreaching` does", () => {
    fc.assert(
      fc.property(anyAlarm, anyMinutes, (alarm, values) => {
        const states = (treatMissingData: "breaching" | "missing" | "notBreaching") =>
          statesOf(evaluated({ ...alarm, treatMissingData }, dataOf(minutes(values)), values.length + 5), 35);
        const [breaching, missing, not] = [states("breaching"), states("missing"), states("notBreaching")];
        expect([within(missing, breaching), within(not, missing)]).toEqual([true, true]);
      }),
      RUNS,
    );
  });

  it("`notBreaching` never alarms without M breaching datapoints in sight", () => {
    fc.assert(
      fc.property(anyAlarm, anyMinutes, (alarm, values) => {
        const quiet = { ...alarm, treatMissingData: "notBreaching" as const };
        for (const { to, reason } of evaluated(quiet, dataOf(minutes(values)), 40).transitions) {
          const breaches = reason.slice(0, reason.indexOf(":")).split("X").length - 1;
          if (to === "ALARM") expect(breaches).toBeGreaterThanOrEqual(alarm.datapointsToAlarm);
        }
      }),
      RUNS,
    );
  });

  it("`ignore` keeps its state through silence, `missing` ends in INSUFFICIENT_DATA", () => {
    fc.assert(
      fc.property(anyAlarm, anyMinutes, (alarm, values) => {
        const data = dataOf(minutes(values));
        const range = (alarm.evaluationPeriods + 2) * (alarm.periodSeconds / 60);
        const last = values.length;
        const ignore = evaluated({ ...alarm, treatMissingData: "ignore" }, data, last + range + 10);
        const silentFrom = T0 + (last + range) * MINUTE;
        expect(ignore.transitions.filter(({ timeMs }) => timeMs >= silentFrom)).toEqual([]);
        const missing = evaluated({ ...alarm, treatMissingData: "missing" }, data, last + range);
        expect(missing.finalState).toBe("INSUFFICIENT_DATA");
      }),
      RUNS,
    );
  });

  it("moving all data and the range by whole minutes moves the transitions, and nothing else", () => {
    fc.assert(
      fc.property(anyAlarm, anyMinutes, fc.integer({ min: -500, max: 500 }), (alarm, values, by) => {
        const here = evaluated(alarm, dataOf(minutes(values)), 40);
        const to = T0 + by * MINUTE;
        const there = evaluated(alarm, dataOf(minutes(values, to)), 40, {}, to);
        expect(there.transitions).toEqual(
          here.transitions.map((transition) => ({
            ...transition,
            timeMs: transition.timeMs + by * MINUTE,
          })),
        );
      }),
      RUNS,
    );
  });

  it("a threshold that is harder to cross never alarms where the easier one does not", () => {
    fc.assert(
      fc.property(anyAlarm, anyMinutes, fc.integer({ min: 1, max: 5 }), (alarm, values, by) => {
        const harder = alarm.comparison.startsWith("Greater") ? alarm.threshold + by : alarm.threshold - by;
        const data = dataOf(minutes(values));
        const easy = statesOf(evaluated(alarm, data, 35, { initialState: "OK" }), 35);
        const hard = statesOf(
          evaluated({ ...alarm, threshold: harder }, data, 35, { initialState: "OK" }),
          35,
        );
        expect(within(hard, easy)).toBe(true);
      }),
      RUNS,
    );
  });

  it("a larger M never alarms where a smaller one does not", () => {
    fc.assert(
      fc.property(anyAlarm, anyMinutes, fc.integer({ min: 1, max: 4 }), (alarm, values, other) => {
        const [m, larger] = [other, alarm.datapointsToAlarm].sort((a, b) => a - b) as [number, number];
        const data = dataOf(minutes(values));
        const states = (datapointsToAlarm: number) =>
          statesOf(evaluated({ ...alarm, evaluationPeriods: 4, datapointsToAlarm }, data, 35), 35);
        const few = states(m);
        expect(within(states(larger), few)).toBe(true);
      }),
      RUNS,
    );
  });

  it("scaling values and threshold together changes nothing", () => {
    fc.assert(
      fc.property(anyAlarm, anyMinutes, fc.constantFrom(0.25, 0.5, 2, 1024), (alarm, values, by) => {
        const scaled = values.map((value) => (value === null ? null : value * by));
        const here = evaluated(alarm, dataOf(minutes(values)), 35);
        const there = evaluated({ ...alarm, threshold: alarm.threshold * by }, dataOf(minutes(scaled)), 35);
        expect(statesOf(there, 35)).toEqual(statesOf(here, 35));
      }),
      RUNS,
    );
  });

  it("a range evaluated in two parts gives the transitions of the whole", () => {
    fc.assert(
      fc.property(anyAlarm, anyMinutes, fc.integer({ min: 0, max: 40 }), (alarm, values, cut) => {
        const data = dataOf(minutes(values));
        const first = evaluated(alarm, data, cut);
        const rest = evaluated(alarm, data, 40 - cut, { initialState: first.finalState }, T0 + cut * MINUTE);
        const whole = evaluated(alarm, data, 40);
        expect([...first.transitions, ...rest.transitions]).toEqual(whole.transitions);
        expect(first.evaluations + rest.evaluations).toBe(whole.evaluations);
      }),
      RUNS,
    );
  });

  it("enough existing datapoints make the missing-data mode irrelevant", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 12, maxLength: 30 }),
        anyMofN,
        (values, mOfN) => {
          const data = dataOf(minutes(values));
          const later = (treatMissingData: "missing" | "ignore" | "breaching" | "notBreaching") =>
            statesOf(
              evaluated(alarmOf({ ...mOfN, treatMissingData }), data, values.length),
              values.length,
            ).slice(mOfN.evaluationPeriods);
          const expected = later("missing");
          for (const mode of ["ignore", "breaching", "notBreaching"] as const)
            expect(later(mode)).toEqual(expected);
        },
      ),
      RUNS,
    );
  });

  it("counting along phases equals looking at every range, with data on its way and gaps filled", () => {
    const code = fc.constantFrom(0, 1, 2);
    const anyPoints = fc.array(fc.tuple(code, code), { minLength: 1, maxLength: 24 }).chain((codes) =>
      fc.record({
        full: fc.constant(Uint8Array.from(codes, ([full]) => full)),
        partial: fc.option(fc.constant(Uint8Array.from(codes, ([, partial]) => partial)), { nil: undefined }),
        silent: fc.integer({ min: 0, max: 5 }),
        silentClass: code,
        stride: fc.integer({ min: 1, max: 4 }),
      }),
    );
    fc.assert(
      fc.property(anyPoints, anyAlarm, fc.integer({ min: 0, max: 3 }), (points, alarm, extra) => {
        const range = alarm.evaluationPeriods + extra;
        const fast = Array.from(decisions(points, alarm, range, 0), (answer) => DECISIONS[answer]);
        expect(fast).toEqual(
          fast.map((_answer, i) => decide(pointsAt(points, i, range).map(className), alarm)),
        );
      }),
      RUNS,
    );
  });

  it("sliding windows equal windows added up one by one", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (values, w) => {
        const window = (i: number) => values.slice(Math.max(0, i - w + 1), i + 1);
        const input = Float64Array.from(values);
        expect([...slide(input, w, 0, (a, b) => a + b)]).toEqual(
          values.map((_value, i) => window(i).reduce((a, b) => a + b, 0)),
        );
        expect([...slide(input, w, -Infinity, Math.max)]).toEqual(
          values.map((_value, i) => Math.max(...window(i))),
        );
      }),
      RUNS,
    );
  });
});

it("B4 slots before the data are missing, not an error", () => {
  const points = { full: Uint8Array.of(2), partial: undefined, silent: 0, silentClass: 0, stride: 1 };
  expect(pointsAt(points, 0, 3)).toEqual([0, 0, 2]);
});
