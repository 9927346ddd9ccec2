import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Calibration } from "../../../instruments/calibrate/calibration";
import { overridesText } from "../../../instruments/calibrate/overrides-file";
import { tracewright } from "../../support/cli";
import { model, synthesize } from "../../support/synthesized";
import { csv, duration, type Line, written } from "./baselines";

const ANALYSIS = "prod-sentiment-analysis";
const memory: Line = {
  namespace: `SentimentAnalyzer/Logs/${ANALYSIS}`,
  metric: "MaxMemoryUsed",
  dimensions: "",
};
const throttles: Line = { ...duration(ANALYSIS), metric: "Throttles" };

const STACK = written(JSON.stringify(synthesize("prod")), "cdk.tf.json");

/** Run as a user does: a rehearsal inside jest's own realm takes ten times as long. */
function calibration(content: string): Calibration {
  const { code, stdout, stderr } = tracewright([
    "calibrate",
    STACK,
    "--baseline",
    written(content),
    "--json",
  ]);
  if (code !== 3) throw new Error(stderr);
  return JSON.parse(stdout) as Calibration;
}

function proposal(of: Calibration, name: string) {
  return of.proposals.find((one) => one.name === name);
}

describe("ALM-5 calibration of the prod stack", () => {
  test("latency follows the baseline, and no fault is lost", () => {
    const of = calibration(csv([[duration(ANALYSIS), (i) => 1000 + (i % 50) * 21]], 8));
    expect(proposal(of, "prod-analysis-latency-warning")).toMatchObject({
      old: 36_000,
      threshold: 4000,
      why: "2 x p95 of the baseline, 1987 (ALM-5)",
      oldFalsePages: 0,
      newFalsePages: 0,
      lost: [],
    });
    expect(proposal(of, "prod-analysis-latency-warning")).not.toHaveProperty("against");
  });

  test("a latency near the timeout is capped to 0.9 of it", () => {
    const of = calibration(csv([[duration(ANALYSIS), () => 40_000]], 8));
    expect(proposal(of, "prod-analysis-latency-critical")).toMatchObject({ threshold: 54_000 });
  });

  test("the old threshold pages for each of two throttles in 8 days, the new one for none", () => {
    const of = calibration(csv([[throttles, (i) => (i === 500 || i === 1500 || i === 2000 ? 1 : 0)]], 8));
    expect(proposal(of, "prod-analysis-throttles")).toMatchObject({
      old: 0,
      threshold: 1,
      oldFalsePages: 11.3,
      newFalsePages: 0,
    });
  });

  test("a proposal that loses a detected fault is marked", () => {
    const of = calibration(csv([[memory, () => 1024]], 8));
    const found = proposal(of, "prod-analysis-memory");
    expect(found?.lost.length).toBeGreaterThan(0);
    expect(found?.against).toMatch(/^nobody would notice /);
    expect(() => overridesText(of, { reviewedBy: "Ada", reviewedOn: "2026-11-21" })).not.toThrow();
    expect(overridesText(of, { reviewedBy: "Ada", reviewedOn: "2026-11-21" })).toBe("{}\n");
  });

  test("too little data is refused by alarm and amount, and nothing is silently passed", () => {
    const of = calibration(csv([[duration(ANALYSIS), () => 1000]], 0.74));
    const refused = new Map(of.refused.map(({ name, why }) => [name, why]));
    expect(refused.get("prod-analysis-latency-warning")).toBe(
      "214 of at least 1916 datapoints, 0.7 of at least 7 days",
    );
    expect(refused.get("prod-ingestion-throttles")).toMatch(/^0 of at least 1916 datapoints/);
    const all = [...of.proposals, ...of.kept, ...of.refused].map(({ name }) => name);
    const alarms = model("prod").resources.filter(({ type }) => /_(metric|composite)_alarm$/.test(type));
    expect(all.sort()).toEqual(alarms.map(({ values }) => values["alarm_name"]).sort());
  });

  test("proof of life, bills and composites are left as they are, said why", () => {
    const of = calibration(csv([[duration(ANALYSIS), () => 1000]], 8));
    const reasons = of.kept.map(({ why }) => why).join("\n");
    for (const word of ["proves life", "budget", "composite"]) expect(reasons).toContain(word);
  });

  test("a metric nothing watches is refused by line", () => {
    const strange = csv([[{ namespace: "X", metric: "Y", dimensions: "" }, () => 1]], 1);
    expect(() => calibration(strange)).toThrow(/line 2: found X Y, which no alarm watches/);
  });
});

describe("tracewright calibrate", () => {
  const stack = STACK;
  const baseline = written(csv([[duration(ANALYSIS), (i) => 1000 + (i % 50) * 21]], 8));
  const target = join(dirname(stack), "thresholds.json");
  const args = ["calibrate", stack, "--baseline", baseline, "--write", target];

  test("ALM-5 writes what a person has reviewed, the same bytes each time", () => {
    const review = ["--reviewed-by", "Ada", "--reviewed-on", "2026-11-21"];
    const run = tracewright([...args, ...review, "--json"]);
    expect(run.code).toBe(3);
    expect(JSON.parse(run.stdout)).toHaveProperty("proposals");
    const first = readFileSync(target, "utf8");
    tracewright([...args, ...review]);
    expect(readFileSync(target, "utf8")).toBe(first);
    expect(JSON.parse(first).prod["analysis-latency-warning"]).toEqual({
      old: 36_000,
      reason: "2 x p95 of the baseline, 1987 (ALM-5)",
      reviewedBy: "Ada",
      reviewedOn: "2026-11-21",
      threshold: 4000,
    });
  });

  test.each([[[]], [["--reviewed-by", "Ada"]], [["--reviewed-by", "Ada", "--reviewed-on", "2026-02-30"]]])(
    "writes nothing without a review: %j",
    (review) => {
      const run = tracewright([...args, ...review]);
      expect({ code: run.code, stdout: run.stdout }).toEqual({ code: 2, stdout: "" });
      expect(run.stderr).toMatch(/--reviewed-(by|on): found/);
    },
  );

  test("ends with 2 for a baseline that is cut off", () => {
    const cut = written("");
    writeFileSync(cut, readFileSync(baseline, "utf8").slice(0, -3));
    const run = tracewright(["calibrate", stack, "--baseline", cut]);
    expect({ code: run.code, stdout: run.stdout }).toEqual({ code: 2, stdout: "" });
    expect(run.stderr).toContain("may have been cut off");
  });
});
