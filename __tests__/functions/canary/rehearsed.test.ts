import {
  type Datapoint,
  evaluateAlarm,
  isComposite,
  type MetricAlarm,
  type MetricData,
  type MetricSeries,
  metricKey,
  seriesFrom,
} from "../../../instruments/cloudwatch";
import { rehearsedAlarms } from "../../../instruments/rehearse/alarms";
import type { AwsCall } from "../../../lab/runtime/aws-gateway";
import type { CanaryLab } from "../../support/canary-lab";
import { describeCanary } from "../../support/canary-suite";
import { model } from "../../support/synthesized";

interface WireDatum {
  readonly MetricName: string;
  readonly Value: number;
  readonly Timestamp: number;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

const HOUR_MS = 3_600_000;

/** Everything CloudWatch took, as series; the two regions' metrics have different names. */
function recorded(calls: readonly AwsCall[]): MetricData {
  const points = new Map<string, Datapoint[]>();
  for (const { input } of calls.filter((one) => one.operation === "PutMetricData" && one.status === 200)) {
    for (const { MetricName, Value, Timestamp, Dimensions } of input["MetricData"] as WireDatum[]) {
      const dimensions = Object.fromEntries(Dimensions.map((one) => [one.Name, one.Value]));
      const key = metricKey({ namespace: String(input["Namespace"]), name: MetricName, dimensions });
      points.set(key, [...(points.get(key) ?? []), { timestamp: Timestamp * 1000, value: Value }]);
    }
  }
  return new Map(
    [...points].map(([key, data]): [string, MetricSeries] => {
      const series = seriesFrom(data);
      if ("type" in series) throw new Error(series.message);
      return [key, series];
    }),
  );
}

/** Alarms on what the canary tells; those on its log lines are left out, which nothing here turns into metrics. */
const FED_BY_THE_CANARY =
  /-(canary-(?!metric-fallback|memory)|trace-segments|permission-drift|deployment-version)/;

/** The alarms of the largest tier; alarms made of others are told by those. */
const deployed = (): readonly MetricAlarm[] => {
  const { readable } = rehearsedAlarms(model("dev", "full"));
  return readable.flatMap(({ alarm }) => {
    return !isComposite(alarm) && FED_BY_THE_CANARY.test(alarm.name) ? [alarm] : [];
  });
};

/** Names of the deployed alarms on the canary's metrics that are in ALARM at the end of a stretch of time. */
function alarming(
  alarms: readonly MetricAlarm[],
  calls: readonly AwsCall[],
  startMs: number,
  endMs: number,
): readonly string[] {
  const data = recorded(calls);
  return alarms
    .filter((alarm) => {
      const history = evaluateAlarm(alarm, data, { startMs, endMs });
      if (history.kind !== "evaluated") throw new Error(`${alarm.name}: ${history.why}`);
      return history.finalState === "ALARM";
    })
    .map(({ name }) => name)
    .sort();
}

const denied = { status: 403, code: "AccessDenied", message: "not for you" };

describeCanary("E1 the deployed alarms on what the canary really wrote", (lab) => {
  let alarms: readonly MetricAlarm[];

  beforeAll(() => {
    alarms = deployed();
  });

  /** Half an hour of quiet runs or more, then six in trouble: what alarms after each of the two. */
  async function rehearse(trouble: (lab: CanaryLab) => void, quietRuns = 6) {
    const startMs = lab().now;
    for (let run = 0; run < quietRuns; run++) await lab().run();
    const quiet = alarming(alarms, lab().gateway.calls, startMs + HOUR_MS / 4, lab().now);
    trouble(lab());
    for (let run = 0; run < 6; run++) await lab().run();
    return { quiet, troubled: alarming(alarms, lab().gateway.calls, startMs + HOUR_MS / 4, lab().now) };
  }

  test("E1 SC-007 X-Ray denied raises the canary's alarms, and quiet runs raise none", async () => {
    const { quiet, troubled } = await rehearse(({ gateway }) =>
      gateway.failWhen(({ service }) => (service === "xray" ? denied : undefined)),
    );
    expect(quiet).toEqual([]);
    expect(troubled).toEqual(["dev-canary-completeness", "dev-canary-health", "dev-canary-trace-loss"]);
  });

  test("E1 CAN-4 R-04 traces nobody may look up raise them as well, after an hour of health", async () => {
    const { troubled } = await rehearse(
      ({ gateway }) =>
        gateway.failWhen(({ operation }) => (operation === "GetTraceSummaries" ? denied : undefined)),
      12,
    );
    expect(troubled).toEqual(["dev-canary-completeness", "dev-canary-health", "dev-canary-trace-loss"]);
  });

  test("E1 CAN-4 SC-014 one of five lost in each of two runs raises none, two of five do", async () => {
    const startMs = lab().now;
    for (let run = 0; run < 12; run++) await lab().run();
    for (const [count, expected] of [
      [1, []],
      [2, ["dev-canary-completeness", "dev-canary-health", "dev-canary-trace-loss"]],
    ] as const) {
      let lost: string[] = [];
      lab().xray.behave({
        discarded: ({ annotations, trace_id }) => {
          const discards = annotations?.["synthetic"] === true && lost.length < count;
          if (discards) lost = [...lost, trace_id];
          return discards;
        },
      });
      for (let run = 0; run < 2; run++) {
        lost = [];
        await lab().run();
      }
      expect(alarming(alarms, lab().gateway.calls, startMs + HOUR_MS / 4, lab().now)).toEqual(expected);
    }
  });

  test("E1 SC-119 CloudWatch denied raises every alarm that takes silence for a failure, in both regions", async () => {
    const { quiet, troubled } = await rehearse(({ gateway }) =>
      gateway.failWhen(({ service }) => (service === "monitoring" ? denied : undefined)),
    );
    expect(quiet).toEqual([]);
    expect(troubled).toEqual([
      "dev-canary-completeness",
      "dev-canary-health",
      "dev-canary-heartbeat",
      "dev-canary-trace-loss",
    ]);
  });

  test("E1 IAM-4 DEP-5 drift, skew and incomplete requests raise their own alarms, and no health is in doubt", async () => {
    const { troubled } = await rehearse(({ inspected, world }) => {
      inspected.missing = { sse: ["xray:PutTraceSegments"] };
      inspected.version = { sse: "def5678" };
      world.lacking = ["function"];
    });
    expect(troubled).toEqual([
      "dev-canary-request-incomplete",
      "dev-deployment-version-skew",
      "dev-permission-drift",
    ]);
  });
});
