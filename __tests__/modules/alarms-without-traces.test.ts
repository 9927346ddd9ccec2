import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { alarmCatalogue } from "../../contract/alarms/catalogue";
import type { AlarmDefinition } from "../../contract/alarms/definition";
import { SERVICE_KEYS } from "../../contract/services";
import { loadEnvironments } from "../../environments";
import { SentimentStack } from "../../modules/sentiment-stack";
import { ofType } from "../../policies/terraform/model";
import { fromSynthesized } from "../../policies/terraform/synthesized";
import { stubBundles } from "../support/synthesized";
import { every, functionOf, object } from "./parts";

/** Production with a sampling rate of its own. */
function sampled(samplingRate: number) {
  const settings = loadEnvironments(__dirname, {}).get("prod");
  if (settings === undefined) throw new Error("no settings for prod");
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), "tracewright-out-")) });
  const props = { environment: "prod" as const, ...settings, samplingRate, bundles: stubBundles() };
  const stack = new SentimentStack(app, "prod", props);
  stack.prepareStack();
  return fromSynthesized(JSON.parse(JSON.stringify(stack.toTerraform())));
}

const ALL = sampled(1);
const NONE = sampled(0);

const OPERATIONAL = [
  "aws_cloudwatch_metric_alarm",
  "aws_cloudwatch_composite_alarm",
  "aws_cloudwatch_log_group",
  "aws_cloudwatch_log_metric_filter",
];

/** Namespaces an alarm reads itself. */
function namespacesOf({ signal }: AlarmDefinition): readonly string[] {
  if (signal.kind === "composite") return [];
  return signal.kind === "metric"
    ? [signal.series.namespace]
    : Object.values(signal.series).map(({ namespace }) => namespace);
}

describe("SMP-4 tracing replaces no alarm and no log", () => {
  test.each(OPERATIONAL)("SMP-4 every %s is the same whether everything is sampled or nothing", (type) => {
    const valuesOf = (terraform: typeof ALL) =>
      Object.fromEntries(every(terraform, type).map(({ address, values }) => [address, values]));
    expect(valuesOf(NONE)).toEqual(valuesOf(ALL));
    expect(ofType(NONE, "aws_xray_sampling_rule").some(({ values }) => values["fixed_rate"] === 0)).toBe(
      true,
    );
  });

  test("SMP-4 FR-039 alarms of functions, queues and the API read no trace", () => {
    const onTraces = alarmCatalogue("prod").filter((one) => namespacesOf(one).includes("AWS/X-Ray"));
    expect(onTraces.map(({ id }) => id).sort()).toEqual(["stream-reconnections", "trace-errors"]);
    expect(onTraces.filter(({ tiers }) => tiers.includes("essential"))).toEqual([]);
  });

  test("SMP-4 every function keeps its log, at the level operators read", () => {
    for (const service of SERVICE_KEYS) {
      const logging = object(functionOf(NONE, "prod", service).values["logging_config"]);
      expect(logging).toMatchObject({ log_format: "JSON", application_log_level: "INFO" });
    }
  });
});
