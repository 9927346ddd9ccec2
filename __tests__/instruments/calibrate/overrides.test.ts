import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { ThresholdOverride } from "../../../contract/alarms/overrides";
import { loadEnvironments } from "../../../environments";
import { GuardRails } from "../../../modules/guard-rails";
import { SentimentStack } from "../../../modules/sentiment-stack";
import { expectations, stubBundles } from "../../support/synthesized";

function stackWith(threshold: number): { readonly app: App; readonly stack: SentimentStack } {
  const settings = loadEnvironments(__dirname, {}).get("prod");
  if (settings === undefined) throw new Error("no settings for prod");
  const review: ThresholdOverride = {
    threshold,
    old: 36_000,
    reason: "2 x p95 of the baseline",
    reviewedBy: "Ada",
    reviewedOn: "2026-11-21",
  };
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), "tracewright-out-")) });
  const stack = new SentimentStack(app, "prod", {
    environment: "prod",
    ...settings,
    thresholds: { "analysis-latency-warning": review },
    bundles: stubBundles(),
  });
  new GuardRails().protect(stack, expectations("prod", "full"));
  return { app, stack };
}

describe("ALM-5 a reviewed threshold", () => {
  test("is in the Terraform, in what operators read, and on the board", () => {
    const { stack } = stackWith(4321);
    stack.prepareStack();
    const { resource } = stack.toTerraform() as {
      resource: Record<string, Record<string, Record<string, unknown>>>;
    };
    const alarms = Object.values(resource["aws_cloudwatch_metric_alarm"] ?? {});
    const alarm = alarms.find((one) => one["alarm_name"] === "prod-analysis-latency-warning");
    expect(alarm?.["threshold"]).toBe(4321);
    expect(alarm?.["alarm_description"]).toContain(
      "threshold 4321 instead of 36000, reviewed by Ada on 2026-11-21",
    );
    expect(JSON.stringify(resource["aws_cloudwatch_dashboard"])).toContain("4321");
  });

  test("above the timeout stops synth", () => {
    const { app } = stackWith(61_000);
    expect(() => app.synth()).toThrow(/threshold-reachable/);
  });

  test("within the timeout does not stop synth", () => {
    const { app } = stackWith(4321);
    expect(() => app.synth()).not.toThrow();
  });
});
