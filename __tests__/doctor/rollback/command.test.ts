import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rollbackTarget } from "../../../contract/rollback";
import { AwsGateway } from "../../../lab/runtime/aws-gateway";
import { tracewrightBeside } from "../../support/cli-beside";
import { runCommand } from "../../support/run-command";

const folder = mkdtempSync(join(tmpdir(), "tracewright-rollback-"));
const KEYS = { AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: "lab", AWS_REGION: "eu-west-1" };
const IMAGE = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/prod-sentiment-sse@sha256:${"b".repeat(64)}`;

/** A period of half an hour ago and later. */
const BEGIN = Math.floor(Date.now() / 300_000 - 6) * 300_000;
const at = (index: number) => new Date(BEGIN + index * 300_000).toISOString();
const readings = (...values: readonly number[]) => values.map((value, index) => ({ at: at(index), value }));
const WELL = {
  "cold-start": readings(900, 900, 900),
  errors: readings(0, 0),
  memory: readings(40, 40, 40),
  completeness: readings(100, 100),
};

function recording(name: string, change: object = {}, until = at(3)): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ environment: "prod", until, readings: { ...WELL, ...change } }));
  return file;
}

const rollback = (part: string, ...args: readonly string[]) =>
  runCommand("rollback", part, "--environment", "prod", ...args);

describe("DEP-4 tracewright rollback, recorded", () => {
  test("stays while nothing triggers", async () => {
    const { code, stdout } = await rollback("evaluate", "--recorded", recording("well"));
    expect(code).toBe(0);
    expect(stdout).not.toContain("export");
  });

  test("says the one variable that takes it back", async () => {
    const file = recording("errors", { errors: readings(6, 7) });
    const { code, stdout } = await rollback("evaluate", "--recorded", file, "--baseline", IMAGE);
    expect(code).toBe(1);
    expect(stdout).toContain("failed     errors, of invocations: 6 %, 7 %");
    expect(stdout).toContain(`export TF_VAR_sse_image_uri=${IMAGE}`);
    expect(stdout.match(/TF_VAR_/g)).toHaveLength(1);
    expect(stdout).toContain("kill-switch on --function prod-sentiment-sse");
    expect((await rollback("evaluate", "--recorded", file)).stdout).toContain("imageTag=pre-adot-baseline");
  });

  test("refuses to decide on missing data", async () => {
    const { code, stdout } = await rollback(
      "evaluate",
      "--recorded",
      recording("dark", { completeness: [] }),
    );
    expect(code).toBe(3);
    expect(stdout).toContain("see whether the canary runs");
  });

  test("says whether going back has helped", async () => {
    expect((await rollback("verify", "--since", at(0), "--recorded", recording("after"))).code).toBe(0);
    const { code, stdout } = await rollback(
      "verify",
      "--since",
      at(0),
      "--recorded",
      recording("still", { errors: readings(4, 4) }),
      "--json",
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ rollback: "verify", goBack: false, commands: [] });
  });

  test("what was measured before going back does not say whether it has helped", async () => {
    const memory = readings(95, 95, 95, 40, 40, 40);
    const errors = readings(9, 9, 9, 0, 0, 0);
    const slow = Array.from({ length: 5 }, (_, index) => ({ at: at(2.5 + index / 10), value: 4000 }));
    const quick = Array.from({ length: 3 }, (_, index) => ({ at: at(3.5 + index / 10), value: 700 }));
    const file = (starts: readonly object[]) =>
      recording("mixed", { memory, errors, "cold-start": [...slow, ...starts] }, at(6));
    const verify = (since: number, starts = quick) =>
      rollback("verify", "--since", at(since), "--recorded", file(starts));
    const { code, stdout } = await verify(3);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining(
        "cold start, p99: 700 ms, of 3, expected: below 1500 ms over 3 or more since",
      ),
    });
    expect((await verify(0)).code).toBe(1);
    expect((await verify(3, quick.slice(1))).code).toBe(3);
    const evaluate = (since: number) => rollback("evaluate", "--since", at(since), "--recorded", file(quick));
    expect((await evaluate(0)).stdout).toMatch(/cold start, p99: 4000 ms, 700 ms/);
    expect((await evaluate(3)).stdout).toMatch(/cold start, p99: 700 ms, expected/);
  });

  test("verify wants to know since when, and neither ages ago nor in the future", async () => {
    for (const since of [[], ["--since", "2020-01-01T00:00:00Z"], ["--since", "2999-01-01T00:00:00Z"]])
      expect(await rollback("verify", ...since)).toMatchObject({ code: 2 });
  });

  test("the printed commands keep the region", async () => {
    const file = recording("errors-there", { errors: readings(6, 7) });
    const { stdout } = await rollback("evaluate", "--recorded", file, "--region", "eu-central-1");
    expect(stdout.match(/--region eu-central-1/g)).toHaveLength(3);
  });

  test("another environment's measurements are refused", async () => {
    const args = ["--environment", "dev", "--recorded", recording("prods")];
    expect(await runCommand("rollback", "evaluate", ...args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("found prod; expected dev"),
    });
  });

  test("explains what it needs", async () => {
    expect(
      await rollback("evaluate", "--recorded", recording("odd", { errors: [{ at: "noon", value: 1 }] })),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("readings.errors.0.at"),
    });
    expect((await runCommand("rollback", "evaluate", "--environment", "qa")).stderr).toContain(
      "expected one of dev",
    );
    expect((await rollback("evaluate", "--baseline", "image:tag")).stderr).toContain("REPOSITORY@sha256:");
  });
});

describe("DEP-4 tracewright rollback, against the APIs", () => {
  let gateway: AwsGateway;
  beforeAll(async () => {
    // Nothing behind it: both services are answered by the test.
    gateway = await AwsGateway.start("http://127.0.0.1:9");
  });
  afterAll(() => gateway.stop());
  afterEach(() => gateway.reset());

  const now = Math.floor(Date.now() / 300_000) * 300_000;
  const periods = [3, 2, 1].map((back) => now - back * 300_000);
  const metricValue = (name: string, share: number): number =>
    ({ Errors: share * 40, Invocations: 40, MaxMemoryUsed: 410 })[name] ?? 1;

  function answer(share: number, partial: object = {}): void {
    gateway.answerWith(({ operation, input }) => {
      if (operation === "FilterLogEvents") {
        const events = periods.map((timestamp) => ({
          timestamp: timestamp + 1000,
          message: JSON.stringify({ type: "platform.report", record: { metrics: { initDurationMs: 812 } } }),
        }));
        return JSON.stringify({ events });
      }
      const [query] = input["MetricDataQueries"] as { MetricStat: { Metric: { MetricName: string } } }[];
      const value = metricValue(query?.MetricStat.Metric.MetricName ?? "", share);
      return JSON.stringify({
        MetricDataResults: [
          {
            Id: "m",
            Timestamps: periods.map((time) => time / 1000),
            Values: periods.map(() => value),
            ...partial,
          },
        ],
      });
    });
  }

  const LIVE = ["rollback", "evaluate", "--environment", "prod"];
  const live = () => {
    Object.assign(process.env, KEYS, { AWS_ENDPOINT_URL: gateway.url });
    return runCommand(...LIVE);
  };

  test("reads the metrics and the log of the deployed function, and keeps them", async () => {
    answer(0);
    const kept = join(folder, "kept.json");
    const { code, stdout } = await tracewrightBeside([...LIVE, "--record", kept, "--json"], {
      ...KEYS,
      AWS_ENDPOINT_URL: gateway.url,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).findings.map(({ found }: { found: string }) => found)).toEqual([
      "812 ms, 812 ms, 812 ms",
      "0 %, 0 %",
      "40.04 %, 40.04 %, 40.04 %",
      "100 %, 100 %",
    ]);
    const asked = gateway.calls.map(({ operation, input }) => ({ operation, input: JSON.stringify(input) }));
    expect(asked.map(({ operation }) => operation)).toEqual([
      ...Array(4).fill("GetMetricData"),
      "FilterLogEvents",
    ]);
    const { functionName, logGroup } = rollbackTarget("prod");
    expect(asked[0]?.input).toContain(functionName);
    expect(asked[4]?.input).toContain(logGroup);
    expect((await rollback("evaluate", "--recorded", kept)).code).toBe(0);
    expect(readFileSync(kept, "utf8")).toContain('"completeness"');
  });

  test.each([
    { StatusCode: "PartialData" },
    { StatusCode: "InternalError" },
    { StatusCode: "Complete", Messages: [{ Code: "Limited", Value: "only a part" }] },
  ])("what CloudWatch tells in part, as %j, is not measured", async (partial) => {
    answer(0, partial);
    const { code, stdout, stderr } = await live();
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringContaining("does not tell all of Errors"),
    });
    expect(stdout.match(/no data/g)).toHaveLength(3);
  });

  test("looks back to the release and no further", async () => {
    answer(0);
    Object.assign(process.env, KEYS, { AWS_ENDPOINT_URL: gateway.url });
    const since = new Date(now - 2 * 300_000 + 1000).toISOString();
    const { code, stdout } = await runCommand(...LIVE, "--since", since);
    // The release came within the period before the last whole one.
    expect({ code, stdout }).toEqual({
      code: 3,
      stdout: expect.stringMatching(/errors, of invocations: 0 %, expected/),
    });
    expect(Number(gateway.calls[0]?.input["StartTime"])).toBeGreaterThanOrEqual((now - 3 * 300_000) / 1000);
  });

  test("goes back when they are bad", async () => {
    answer(0.2);
    expect((await live()).code).toBe(1);
  });

  test.each([
    ["GetMetricData", "AccessDeniedException", "cloudwatch:GetMetricData"],
    ["GetMetricData", "ThrottlingException", "wait a minute"],
    ["FilterLogEvents", "AccessDeniedException", "logs:FilterLogEvents"],
    ["FilterLogEvents", "ThrottlingException", "ThrottlingException"],
  ])("%s answered with %s: exit 2 and what to do", async (operation, code, words) => {
    answer(0);
    gateway.failWhen((call) =>
      call.operation === operation ? { status: 400, code, message: "no" } : undefined,
    );
    expect(await live()).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  });
});
