/**
 * Rehearses 500 alarms over 30 days of one-minute data and 20 scenarios on one core, and shows that twice the days cost
 * at most 2.2 times as much. Ten of the scenarios touch every alarm, ten touch one function, as real ones do. A datapoint
 * counts when the answer covers it, evaluated or known from the quiet days.
 */
import { Matrix } from "../instruments/rehearse/matrix";
import type { Effect, Scenario } from "../instruments/rehearse/scenario";
import { worldOf } from "../instruments/rehearse/world/world";
import type { JsonObject } from "../policies/terraform/model";
import { fromSynthesized } from "../policies/terraform/synthesized";

const FUNCTIONS = 100;
const ALARMS = 500;
const DAYS = [15, 30, 60] as const;
/** Runs of which the fastest counts. */
const RUNS = 3;
const MOST = 2.2;
const LAG_MS = 60_000;
const NAMESPACE = "Bench/App";

function alarm(name: string, rest: JsonObject): [string, JsonObject] {
  const base = {
    alarm_name: name,
    alarm_actions: ["arn:aws:sns:eu-west-1:123456789012:alarms"],
    comparison_operator: "GreaterThanThreshold",
    evaluation_periods: 3,
    treat_missing_data: "missing",
  };
  return [name, { ...base, ...rest }];
}

function alarmsOf(fn: string): readonly [string, JsonObject][] {
  const dimensions = { FunctionName: fn };
  const lambda = (metric_name: string) => ({ namespace: "AWS/Lambda", metric_name, dimensions, period: 300 });
  const custom = (metric_name: string, statistic: string) => ({
    namespace: NAMESPACE,
    metric_name,
    dimensions,
    statistic,
    period: 300,
  });
  const rate = [
    { id: "rate", expression: "IF(runs > 0, 100 * failed / runs, 0)", return_data: true },
    { id: "failed", metric: { ...lambda("Errors"), stat: "Sum" } },
    { id: "runs", metric: { ...lambda("Invocations"), stat: "Sum" } },
  ];
  return [
    alarm(`${fn}-errors`, { metric_query: rate, threshold: 5 }),
    alarm(`${fn}-slow`, { ...lambda("Duration"), extended_statistic: "p95", threshold: 24_000 }),
    alarm(`${fn}-throttled`, { ...lambda("Throttles"), statistic: "Sum", threshold: 0 }),
    alarm(`${fn}-lost`, { ...custom("Lost", "Sum"), threshold: 0 }),
    alarm(`${fn}-alive`, {
      ...custom("Alive", "Sum"),
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      treat_missing_data: "breaching",
    }),
  ];
}

function application(): JsonObject {
  const names = Array.from({ length: FUNCTIONS }, (_, i) => `worker-${i}`);
  const each = (make: (name: string) => JsonObject) =>
    Object.fromEntries(names.map((name) => [name, make(name)]));
  const policy = JSON.stringify({
    Statement: [{ Effect: "Allow", Action: ["cloudwatch:PutMetricData"], Resource: "*" }],
  });
  return {
    resource: {
      aws_iam_role: each((name) => ({ name, assume_role_policy: "{}" })),
      aws_iam_role_policy: each((name) => ({ role: `\${aws_iam_role.${name}.name}`, policy })),
      aws_lambda_function: each((name) => ({
        function_name: name,
        role: `\${aws_iam_role.${name}.arn}`,
        timeout: 30,
      })),
      aws_cloudwatch_event_rule: each((name) => ({ name, schedule_expression: "rate(1 minute)" })),
      aws_cloudwatch_event_target: each((name) => ({
        rule: `\${aws_cloudwatch_event_rule.${name}.name}`,
        arn: `\${aws_lambda_function.${name}.arn}`,
      })),
      aws_cloudwatch_metric_alarm: Object.fromEntries(names.flatMap(alarmsOf)),
    },
  };
}

function scenarios(): readonly Scenario[] {
  const lambda = { namespace: "AWS/Lambda" };
  const everywhere: readonly (readonly Effect[])[] = [
    [{ do: "silent", select: { function: "*" } }],
    [{ do: "errors", share: 1, select: { function: "*" } }],
    [{ do: "errors", share: 0.2, select: { function: "*" } }],
    [{ do: "multiply", by: 3, select: { ...lambda, metric: "Duration" } }],
    [{ do: "set", value: 1, select: { ...lambda, metric: "Throttles" } }],
    [{ do: "silent", select: { source: "custom" } }],
    [{ do: "set", value: 1, select: { metric: "Lost" } }],
    [{ do: "shift", seconds: -90, select: { source: "custom" } }],
    [{ do: "shift", seconds: 90, select: { source: "custom" } }],
    [],
  ];
  const common = { title: "", kind: "fault", lastsSeconds: 7200 } as const;
  return [
    ...everywhere.map((effects, i) => ({
      ...common,
      id: `all-${i}`,
      effects,
      ...(effects.length === 0 ? { lagSeconds: 180 } : {}),
    })),
    ...Array.from({ length: 10 }, (_, i): Scenario => {
      const select = { function: `worker-${i * 7}` };
      return { ...common, id: `one-${i}`, effects: [{ do: "errors", share: 1, select }] };
    }),
  ];
}

/** Processor seconds and datapoints of one rehearsal; the fastest of some runs. */
function measure(days: number): {
  readonly seconds: number;
  readonly datapoints: number;
  readonly pages: number;
} {
  const world = worldOf(fromSynthesized(application()));
  if (world.alarms.readable.length !== ALARMS) throw new Error(`${world.alarms.readable.length} alarms`);
  const played = scenarios();
  let best = { seconds: Number.POSITIVE_INFINITY, datapoints: 0, pages: 0 };
  for (let run = 0; run < RUNS; run++) {
    const start = process.cpuUsage();
    const matrix = new Matrix(world, LAG_MS, days);
    const pages = played.reduce((sum, one) => sum + matrix.pages(one, "sure").size, 0);
    const { user, system } = process.cpuUsage(start);
    const seconds = (user + system) / 1e6;
    if (seconds < best.seconds) best = { seconds, datapoints: matrix.datapoints * played.length, pages };
  }
  return best;
}

measure(2);
const results = DAYS.map((days) => ({ days, ...measure(days) }));
for (const { days, seconds, datapoints, pages } of results) {
  const perSecond = Math.round(datapoints / seconds / 1e5) / 10;
  const line = `${days} days: ${seconds.toFixed(2)} s of processor for ${(datapoints / 1e6).toFixed(0)} million alarm datapoints`;
  process.stdout.write(`${line}, ${perSecond} million a second; ${pages} pages\n`);
}
const ratios = results
  .slice(1)
  .map((one, i) => one.seconds / (results[i] as (typeof results)[number]).seconds);
process.stdout.write(
  `twice the days: ${ratios.map((one) => one.toFixed(2)).join(" and ")} times the time, at most ${MOST}\n`,
);
if (ratios.some((one) => one > MOST)) process.exitCode = 1;
