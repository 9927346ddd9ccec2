import { existsSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../support/checkout";

describe("A3 the chain emit → permit → alarm → show → page is closed, or synth fails", () => {
  let checkout: Checkout;
  beforeEach(() => {
    checkout = new Checkout();
  });
  afterEach(() => checkout.remove());

  function expectRefusal(...parts: readonly string[]): void {
    const run = checkout.synth();
    expect(run.code).toBe(1);
    for (const part of ["found:", "expected:", "next step:", ...parts]) expect(run.stderr).toContain(part);
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(join(checkout.directory, "cdktf.out", "stacks", "dev", "cdk.tf.json"))).toBe(false);
  }

  test("A3 an untouched checkout synthesizes", () => {
    expect(checkout.synth()).toMatchObject({ code: 0, stderr: "" });
  });

  test("A3 without its emitter, the metric is named and the function that should emit it", () => {
    checkout.editBelow("functions/metrics", /\.emit\(\s*"StuckItems"/, '.emit("EmissionHeartbeat"');
    expectRefusal("chain-emitter: dev-sentiment-metrics", 'emit("StuckItems")');
  });

  test("A3 without the record of a silent failure, the path is named", () => {
    checkout.editBelow("functions/ingestion", /\.guard\(\s*"audit_trail"/, '.guard("circuit_breaker_save"');
    expectRefusal("chain-emitter: dev-sentiment-ingestion", '"audit_trail"');
  });

  test("A3 without its grant, the role's function and namespace are named (D4)", () => {
    checkout.edit(
      "modules/service-grants.ts",
      "metricNamespaces: namespacesOf(service)",
      'metricNamespaces: service === "metrics" ? ["SentimentAnalyzer"] : namespacesOf(service)',
    );
    expectRefusal(
      "chain-grant: dev/functions/metrics/function",
      "SentimentAnalyzer/Reliability",
      "StuckItems",
    );
  });

  test("A3 without its alarm in the stack, the alarm is named", () => {
    checkout.edit(
      "modules/alarm-catalogue.ts",
      "definitions.map(",
      'definitions.filter((a) => a.id !== "stuck-items").map(',
    );
    expectRefusal("chain-alarm: dev-stuck-items");
  });

  test("A3 without any alarm in the catalogue, the metric is named", () => {
    checkout.edit(
      "contract/alarms/catalogue.ts",
      "...pipelineAlarms(environment),",
      '...pipelineAlarms(environment).filter((a) => a.id !== "stuck-items"),',
    );
    expectRefusal("[dev, preprod, prod] chain-alarm: StuckItems", "no alarm of contract/alarms watches");
  });

  test("A3 a metric misspelt in an alarm is named, though synthesis checks no types", () => {
    checkout.edit("contract/alarms/pipeline.ts", '"StuckItems"', '"StukItems"');
    const { code, stderr } = checkout.synth();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^contract\/metrics\.ts: found no metric "StukItems"; expected one of /);
  });

  test("A3 without its widget, the hidden alarm is named", () => {
    checkout.edit("modules/dashboard.ts", ".filter(Alarm.isAlarm)", ".filter(Alarm.isAlarm).slice(1)");
    expectRefusal("alarm-on-board: dev/alarms/no-new-items/alarm", "dev-no-new-items");
  });

  test("A3 without its action, every alarm nobody hears is named", () => {
    checkout.edit("modules/alarm.ts", "alarmActions: [...props.topicArns]", "alarmActions: []");
    expectRefusal("alarm-action: dev/alarms/stuck-items/alarm", "dev-stuck-items has no alarm_actions");
  });

  test("A3 a violation in the last environment keeps the first from being written", () => {
    checkout.edit(
      "modules/service-grants.ts",
      "metricNamespaces: namespacesOf(service)",
      'metricNamespaces: storage.node.path.startsWith("prod") ? [] : namespacesOf(service)',
    );
    expectRefusal("chain-grant: prod/functions/ingestion/function");
  });
});
