import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alarmsOfTier } from "../../../contract/alarms/catalogue";
import { ENVIRONMENTS } from "../../../contract/names";
import { billOf } from "../../../instruments/cost/bill";
import { chargesOf } from "../../../instruments/cost/charges";
import { sampled, tracesPerMonth } from "../../../instruments/cost/sampling";
import { SCHEDULES_ONLY } from "../../../instruments/cost/traffic";
import { knowledgeOf } from "../../../policies/known";
import { alarmCharge, monthlyAlarmPrice } from "../../../policies/prices/alarms";
import { PRICED_REGIONS, pricesOf } from "../../../policies/prices/table";
import type { TerraformModel } from "../../../policies/terraform/model";
import { fromSynthesized } from "../../../policies/terraform/synthesized";
import { tracewright } from "../../support/cli";
import { FIXTURE_PLANS } from "../../support/fixture-plans";
import { model, synthesize } from "../../support/synthesized";

type Json = Record<string, unknown>;

const scratch = mkdtempSync(join(tmpdir(), "tracewright-cost-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(scratch, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const single = { namespace: "AWS/Lambda", metric_name: "Errors", period: 300 };

function alarms(...written: Json[]): TerraformModel {
  const named = Object.fromEntries(written.map((one, i) => [`a${i}`, { alarm_name: `a${i}`, ...one }]));
  return fromSynthesized({ resource: { aws_cloudwatch_metric_alarm: named } });
}

function math(...metrics: Json[]): Json {
  const inputs = metrics.map((metric, i) => ({ id: `m${i}`, metric }));
  return { metric_query: [{ id: "e", expression: "m0", return_data: true }, ...inputs] };
}

describe("the price of alarms", () => {
  test("R-45 the post-mortem: 45 alarms, 10 of them free, are 3.50 USD a month", () => {
    const found = monthlyAlarmPrice(alarms(...Array<Json>(45).fill(single)));
    expect(found.netUsd).toBeCloseTo(3.5, 10);
    expect(found.grossUsd).toBeCloseTo(4.5, 10);
  });

  test.each([
    ["one metric", single, "alarm-metric", 1],
    ["an expression over three metrics", math(single, single, single), "alarm-metric", 3],
    ["ten seconds", { ...single, period: 10 }, "alarm-metric-high-resolution", 1],
    [
      "an expression with a ten-second input",
      math(single, { ...single, period: 10 }),
      "alarm-metric-high-resolution",
      2,
    ],
    ["actions switched off: billed all the same", { ...single, actions_enabled: false }, "alarm-metric", 1],
  ])("%s", (_title, written, item, quantity) => {
    const [alarm] = alarms(written).resources;
    if (alarm === undefined) throw new Error("no alarm");
    expect(alarmCharge(alarm)).toMatchObject({ item, quantity });
  });

  test("a composite has its own price and no free allowance", () => {
    const composite = fromSynthesized({
      resource: { aws_cloudwatch_composite_alarm: { c: { alarm_name: "c", alarm_rule: "FALSE" } } },
    });
    expect(monthlyAlarmPrice(composite)).toEqual({ grossUsd: 0.5, netUsd: 0.5 });
  });

  test("B1 essential has at most ten alarms, and the thirteen metrics they read beyond ten cost 1.30 USD (ADR 0024, ADR 0026)", () => {
    for (const environment of ENVIRONMENTS) {
      expect(monthlyAlarmPrice(model(environment, "essential")).netUsd).toBeCloseTo(13 * 0.1, 10);
      expect(alarmsOfTier(environment, "essential").length).toBeLessThanOrEqual(10);
    }
    expect(monthlyAlarmPrice(model("prod", "full")).netUsd).toBeCloseTo(115 * 0.1 + 2 * 0.5, 10);
  });
});

describe("traces by sampling rules", () => {
  test("SMP-9 1000 requests a second, reservoir 1 and 5 %, record about 51 traces a second", () => {
    expect(sampled(1000, { reservoir: 1, rate: 0.05 })).toBeCloseTo(50.95, 10);
    expect(sampled(0.2, { reservoir: 1, rate: 0 })).toBe(0.2);
  });

  test("SMP-1 the first matching rule by priority decides; X-Ray's own applies otherwise", () => {
    const rule = (priority: number, service_name: string, reservoir_size: number, fixed_rate: number) => ({
      priority,
      service_name,
      reservoir_size,
      fixed_rate,
    });
    const terraform = fromSynthesized({
      resource: { aws_xray_sampling_rule: { b: rule(200, "*", 0, 1), a: rule(100, "shop-?-*", 0, 0.5) } },
    });
    expect(tracesPerMonth(terraform, "shop-1-orders", 1000, 30)).toBeCloseTo(500, 6);
    expect(tracesPerMonth(terraform, "shop-12-orders", 1000, 30)).toBeCloseTo(1000, 6);
    expect(tracesPerMonth(fromSynthesized({}), "any", 1000, 30)).toBeCloseTo(1000, 6);
  });
});

describe("the bill", () => {
  test("our own production, from its schedules", () => {
    const charges = chargesOf(model("prod"), SCHEDULES_ONLY, knowledgeOf("prod"));
    const bill = billOf(charges.charges, "eu-west-1");
    const quantity = (item: string) => bill.lines.find((one) => one.item === item)?.quantity;
    // Every minute and twice every five minutes, for thirty days.
    expect(quantity("trace-recorded")).toBe(43_200 + 2 * 8640);
    expect(quantity("key-month")).toBe(3);
    expect(quantity("secret-month")).toBe(4);
    expect(quantity("alarm-metric")).toBe(125);
    expect(charges.unpriced).toEqual([]);
    expect(charges.volumes.map(({ name, basis }) => [name, basis])).toEqual([
      ["prod-sentiment-ingestion", "schedules"],
      ["prod-sentiment-analysis", "nothing"],
      ["prod-sentiment-metrics", "schedules"],
      ["prod-sentiment-dashboard", "nothing"],
      ["prod-sentiment-notification", "nothing"],
      ["prod-sentiment-canary", "schedules"],
      ["prod-sentiment-sse", "nothing"],
    ]);
    expect(bill.byPath.reduce((sum, one) => sum + one.grossUsd, 0)).toBeCloseTo(bill.grossUsd, 8);
    expect(bill.lines.reduce((sum, one) => sum + one.netUsd, 0)).toBeCloseTo(bill.netUsd, 8);
  });

  test("metrics that no alarm reads count once somebody says they are emitted", () => {
    const without = chargesOf(model("prod"), SCHEDULES_ONLY).charges;
    const known = chargesOf(model("prod"), SCHEDULES_ONLY, knowledgeOf("prod")).charges;
    const custom = (all: typeof known) => all.filter((one) => one.item === "custom-metric").length;
    expect(custom(known)).toBeGreaterThan(custom(without));
  });

  test("prices name their source, and differ by region where AWS's do", () => {
    for (const region of PRICED_REGIONS) {
      for (const price of Object.values(pricesOf(region) ?? {})) {
        expect(price.source).toMatch(/^https:\/\/aws\.amazon\.com\/[\w-]+\/pricing\/$/);
        expect(price.usd).toBeGreaterThan(0);
      }
    }
    const ingested = (region: string) => pricesOf(region)?.["log-gigabyte-ingested"].usd;
    expect([ingested("us-east-1"), ingested("eu-west-1")]).toEqual([0.5, 0.57]);
  });
});

describe("tracewright cost", () => {
  const stack = file("prod.json", synthesize("prod"));

  test("B6 people see services, the free part, the dearest resources and one line of sum", () => {
    const { stdout, code } = tracewright(["cost", stack]);
    expect(code).toBe(0);
    expect(stdout).toContain("in eu-west-1, prices as of");
    expect(stdout).toMatch(/CloudWatch alarms +13\.50 +1\.00 +12\.50/);
    expect(stdout).toContain("counted as idle: prod-sentiment-analysis");
    expect(stdout).toContain("(price unverified)");
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^\d+\.\d\d USD a month after free allowances/);
  });

  test("B6 what is left out without knowledge is said", () => {
    expect(tracewright(["cost", stack]).stdout).toContain(
      "Custom metrics no alarm reads are unknown and not counted; give --knowledge.",
    );
    expect(chargesOf(model("prod"), SCHEDULES_ONLY).notCounted).toHaveLength(1);
    expect(chargesOf(model("prod"), SCHEDULES_ONLY, knowledgeOf("prod")).notCounted).toEqual([]);
  });

  test("SC-016 traffic changes the bill and a budget fails it", () => {
    const traffic = file("traffic.json", {
      functions: { "prod-sentiment-ingestion": { requestsPerMonth: 1e8, logBytesPerRequest: 1000 } },
      rumEventsPerMonth: 100_000,
      otherCustomMetrics: 10,
    });
    const busy = tracewright(["cost", stack, "--traffic", traffic, "--json"]);
    const bill = JSON.parse(busy.stdout) as { netUsd: number; lines: { item: string; quantity: number }[] };
    expect(bill.lines.find((one) => one.item === "log-gigabyte-ingested")?.quantity).toBeCloseTo(
      100.10368,
      3,
    );
    expect(bill.lines.find((one) => one.item === "rum-event")?.quantity).toBe(100_000);
    expect(tracewright(["cost", stack, "--budget", "5"]).code).toBe(1);
    const within = tracewright(["cost", stack, "--budget", "50"]);
    expect([within.code, within.stdout.includes("within the budget of 50.00")]).toEqual([0, true]);
  });

  test("another region, and one without prices", () => {
    expect(tracewright(["cost", stack, "--region", "us-east-1"]).stdout).toContain("in us-east-1");
    const unknown = tracewright(["cost", stack, "--region", "mars-north-1"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('found "mars-north-1"; expected one of us-east-1');
  });

  test("a hand-written plan of the provider is priced too", () => {
    const { stdout, code } = tracewright(["cost", join(FIXTURE_PLANS, "register", "plan.json"), "--json"]);
    const bill = JSON.parse(stdout) as { lines: { item: string; quantity: number }[] };
    expect(bill.lines.find((one) => one.item === "alarm-composite")?.quantity).toBe(1);
    expect(code === 0 || code === 3).toBe(true);
  });

  test.each([
    ["an unknown key", { colour: 1 }, "colour: found an unknown key"],
    ["a negative count", { rumEventsPerMonth: -1 }, "expected 0 or more"],
    [
      "text for a number",
      { functions: { "prod-sentiment-metrics": { requestsPerMonth: "many" } } },
      "requestsPerMonth",
    ],
    [
      "an unknown function",
      { functions: { nobody: {} } },
      "functions.nobody: found a function this file does not have",
    ],
    ["truncated JSON", '{"functions": {', "is not JSON at line 1"],
    ["a 40-day month", { daysPerMonth: 40 }, "expected 1 to 31"],
  ])("a traffic file with %s is refused", (_title, content, message) => {
    const ended = tracewright(["cost", stack, "--traffic", file("bad.json", content)]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(message);
    expect(ended.stdout).toBe("");
  });

  test("what apply decides is listed and ends with 3", () => {
    const unknown = file("unknown.json", {
      resource: {
        aws_cloudwatch_metric_alarm: {
          a: {
            alarm_name: "a",
            namespace: "Mine",
            metric_name: "X",
            dimensions: { Id: "${aws_instance.i.id}" },
          },
        },
      },
    });
    const { stdout, code } = tracewright(["cost", unknown]);
    expect(code).toBe(3);
    expect(stdout).toContain("aws_cloudwatch_metric_alarm.a: a custom metric is known only after apply");
  });
});
