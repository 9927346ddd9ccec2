import { deploymentAlarms } from "../../contract/alarms/deployment";
import { SERVICE_KEYS } from "../../contract/services";
import { evaluateAlarm, type MetricAlarm, metricKey, seriesFrom } from "../../instruments/cloudwatch";

const RUN_MS = 300_000;
const HOUR_MS = 12 * RUN_MS;

const DRIFT = deploymentAlarms("prod").find(({ id }) => id === "permission-drift");

function deployed(): MetricAlarm {
  if (DRIFT?.signal.kind !== "math" || DRIFT.condition === undefined) throw new Error("no alarm on math");
  const { expression, series } = DRIFT.signal;
  const { comparison, threshold, periodSeconds, evaluationPeriods, treatMissingData } = DRIFT.condition;
  const watched = Object.entries(series).map(([id, { statistic, ...metric }]) => ({ id, metric, statistic }));
  return {
    name: DRIFT.id,
    signal: { kind: "math", queries: [{ id: "result", expression }, ...watched], returns: "result" },
    ...{ comparison, threshold, periodSeconds, evaluationPeriods, treatMissingData },
    datapointsToAlarm: evaluationPeriods,
  };
}

/** The alarm's state after an hour in which all was well and one in which each role was found so; `undefined` is unknown. */
function stateAfter(found: readonly (number | undefined)[], missingOperand: "zero" | "drop"): string {
  const alarm = deployed();
  if (alarm.signal.kind !== "math") throw new Error("no math");
  const metrics = alarm.signal.queries.flatMap((query) => ("metric" in query ? [query.metric] : []));
  const data = new Map(
    metrics.map((metric, i) => {
      const points = Array.from({ length: 24 }, (_, run) => ({
        timestamp: run * RUN_MS,
        value: run < 12 ? 0 : found[i],
      }));
      const series = seriesFrom(
        points.flatMap(({ timestamp, value }) => (value === undefined ? [] : [{ timestamp, value }])),
      );
      if ("type" in series) throw new Error(series.message);
      return [metricKey(metric), series];
    }),
  );
  const history = evaluateAlarm(alarm, data, { startMs: 0, endMs: 2 * HOUR_MS }, { missingOperand });
  if (history.kind !== "evaluated") throw new Error(history.why);
  return history.finalState;
}

describe.each(["zero", "drop"] as const)("a missing operand read as %s", (reading) => {
  const others = (value: number | undefined) => SERVICE_KEYS.slice(1).map(() => value);

  test.each([
    ["every role has its permissions", [0, ...others(0)], "OK"],
    ["one lost one", [1, ...others(0)], "ALARM"],
    ["one lost one and IAM refuses to tell of the others", [1, ...others(undefined)], "ALARM"],
    ["one is well and IAM refuses to tell of the others", [0, ...others(undefined)], "INSUFFICIENT_DATA"],
    ["IAM refuses to tell of one", [undefined, ...others(0)], "INSUFFICIENT_DATA"],
    ["IAM refuses to tell of any", [undefined, ...others(undefined)], "INSUFFICIENT_DATA"],
  ])("IAM-4 R-04 %s", (_what, found, state) => {
    expect(stateAfter(found, reading)).toBe(state);
  });
});

test("IAM-4 what is not known pages nobody twice: the canary itself tells of it", () => {
  expect(DRIFT?.pagesOnSilence).toBeUndefined();
  expect(DRIFT?.condition?.treatMissingData).toBe("missing");
});
