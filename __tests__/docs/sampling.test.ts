import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ROOT_CONTEXT, SpanKind } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace";
import { DEFAULT_SAMPLING_RATES, GRADUATION } from "../../contract/sampling";
import { SERVICE_KEYS } from "../../contract/services";
import { decidersTable, functionDecisions } from "../../doctor/sampling/deciders";
import { samplerOf } from "../../functions/runtime/streaming-tracing/sampler";
import { synthesize } from "../support/synthesized";

const PAGE = readFileSync(resolve(join(__dirname, "..", "..", "docs", "sampling.md")), "utf8");

describe("docs/sampling.md", () => {
  test("SMP-3 has the table of who decides as the contract says", () => {
    expect(PAGE).toContain(`\n${decidersTable()}\n`);
  });

  test("SMP-3 the gateway decides for the dashboard alone; the six others are roots", () => {
    const decisions = functionDecisions();
    expect(decisions.map(({ service }) => service)).toEqual(SERVICE_KEYS);
    expect(decisions.filter(({ decider }) => decider === "gateway").map(({ service }) => service)).toEqual([
      "dashboard",
    ]);
    expect(decisions.filter(({ root }) => root)).toHaveLength(6);
  });

  test("SMP-8 has the steps of the contract", () => {
    const rows = GRADUATION.map(({ fromPerSecond, rate }) => `| ${fromPerSecond} | ${rate * 100} % |`);
    expect(PAGE).toContain(["| From requests a second | Sample |", "|---|---|", ...rows, ""].join("\n"));
  });
});

describe("SMP-8 sampling goes down by figures alone", () => {
  test("SMP-8 from 100 % in steps, each lower and later than the one before", () => {
    expect(GRADUATION.map(({ fromPerSecond, rate }) => [fromPerSecond, rate])).toEqual([
      [0, 1],
      [500, 0.5],
      [2000, 0.1],
    ]);
    expect(
      Object.values(DEFAULT_SAMPLING_RATES).every((rate) => GRADUATION.some((step) => step.rate === rate)),
    ).toBe(true);
  });

  test.each(GRADUATION.map(({ rate }) => rate))(
    "SMP-8 the stream's own sampler takes %d and keeps that share",
    (rate) => {
      const sampler = samplerOf({
        OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
        OTEL_TRACES_SAMPLER_ARG: String(rate),
      });
      const ids = Array.from({ length: 4000 }, (_, index) =>
        createHash("md5").update(`${index}`).digest("hex"),
      );
      const kept = ids.filter(
        (id) =>
          sampler.shouldSample(ROOT_CONTEXT, id, "stream", SpanKind.SERVER, {}, []).decision ===
          SamplingDecision.RECORD_AND_SAMPLED,
      );
      expect(kept.length / ids.length).toBeCloseTo(rate, 1);
    },
  );

  test.each(["dev", "preprod", "prod"] as const)(
    "SMP-8 in %s a rate is a variable that no function and no image depends on",
    (environment) => {
      const { resource = {}, variable = {} } = synthesize(environment);
      const using = Object.entries(resource as Record<string, unknown>).filter(([, of]) =>
        JSON.stringify(of).includes("var.sampling_rate"),
      );
      expect(using.map(([type]) => type)).toEqual(["aws_xray_sampling_rule"]);
      const rates = Object.keys(variable as object).filter((name) => name.startsWith("sampling_rate_"));
      expect(rates.length).toBeGreaterThan(0);
      for (const rate of rates) expect(PAGE).toContain(`\`${rate}\``);
    },
  );
});
