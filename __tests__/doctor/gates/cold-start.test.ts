import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FEWEST, judgeColdStarts } from "../../../doctor/gates/cold-start";
import { coldStartIn } from "../../../doctor/gates/report-line";
import { tracewright } from "../../support/cli";
import { tracewrightBeside } from "../../support/cli-beside";
import { runCommand } from "../../support/run-command";

const directory = mkdtempSync(join(tmpdir(), "tracewright-gate-"));

function jsonReport(initDurationMs: number | undefined): string {
  const metrics = {
    durationMs: 240_012.1,
    billedDurationMs: 240_013,
    memorySizeMB: 1024,
    maxMemoryUsedMB: 210,
    ...(initDurationMs === undefined ? {} : { initDurationMs }),
  };
  const record = { requestId: "8a", status: "success", metrics };
  return JSON.stringify({ time: "2026-11-21T10:00:00.000Z", type: "platform.report", record });
}

function textReport(initMs: number): string {
  return (
    "REPORT RequestId: 8a\tDuration: 12.10 ms\tBilled Duration: 13 ms\tMemory Size: 1024 MB\t" +
    `Max Memory Used: 210 MB\tInit Duration: ${initMs} ms\t`
  );
}

function recorded(name: string, durations: readonly number[]): string {
  const file = join(directory, name);
  const lines = durations.flatMap((ms) => [
    jsonReport(ms),
    jsonReport(undefined),
    '{"message":"stream ended"}',
  ]);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

const gate = (...args: readonly string[]) => tracewright(["gate", "cold-start", ...args]);

const steady = (ms: number, count = FEWEST) => Array.from({ length: count }, () => ms);

test.each([
  ["JSON logging", jsonReport(812.5), { initMs: 812.5 }],
  ["text logging", textReport(812.5), { initMs: 812.5 }],
  ["a warm invocation", jsonReport(undefined), undefined],
  ["another line", '{"type":"platform.start","record":{"metrics":{"initDurationMs":5}}}', undefined],
  ["a line cut short", jsonReport(812.5).slice(0, 60), undefined],
  ["a figure that is text", jsonReport(812.5).replace("812.5", '"812.5"'), undefined],
  ["null", "{}", undefined],
])("SSE-A9 a cold start is read from %s", (_form, line, expected) => {
  expect(coldStartIn(line)).toEqual(expected);
});

test("SSE-A9 the 95th percentile counts, one slow start in twenty does not", () => {
  const starts = [...steady(1900, 19), 5000].map((initMs) => ({ initMs }));
  expect(judgeColdStarts(starts, undefined)).toMatchObject([{ foundMs: 1900, verdict: "passed" }]);
  const slower = [...steady(1900, 18), 5000, 5000].map((initMs) => ({ initMs }));
  expect(judgeColdStarts(slower, undefined)).toMatchObject([{ foundMs: 5000, verdict: "failed" }]);
});

describe("SSE-A9 tracewright gate cold-start", () => {
  test("passes, and says by how much", () => {
    const { code, stdout } = gate(
      "--recorded",
      recorded("good", steady(1300)),
      "--baseline-recorded",
      recorded("base", steady(900)),
    );
    expect(code).toBe(0);
    expect(stdout).toContain("cold start, p95 of 20: 1300 ms, at most 2000 ms");
    expect(stdout).toContain("collector's share, against p95 of 20 without it: 400 ms, at most 500 ms");
  });

  test("fails when starts are slow or the collector takes too much", () => {
    const base = recorded("base", steady(900));
    expect(gate("--recorded", recorded("slow", steady(2100))).code).toBe(1);
    const heavy = recorded("heavy", steady(1500));
    const { code, stdout } = gate("--recorded", heavy, "--baseline-recorded", base, "--json");
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as { findings: { verdict: string }[] };
    expect(report.findings.map(({ verdict }) => verdict)).toEqual(["passed", "failed"]);
  });

  test("refuses to pass on too little", () => {
    const { code, stdout } = gate("--recorded", recorded("few", steady(100, FEWEST - 1)));
    expect(code).toBe(3);
    expect(stdout).toContain("fewer than 20 cold starts");
  });

  test("explains what it needs", async () => {
    expect(gate()).toMatchObject({ code: 2 });
    expect(gate().stderr).toContain("--log-group or --recorded");
    expect(gate("--recorded", join(directory, "none"))).toMatchObject({ code: 2 });
    const folder = await runCommand("gate", "cold-start", "--recorded", directory);
    expect(folder).toMatchObject({ code: 2, stderr: expect.stringContaining("--output text") });
    const lines = ["--recorded", recorded("any", [])];
    expect(
      await runCommand("gate", "cold-start", ...lines, "--released", "2026-11-21T10:00:00Z"),
    ).toMatchObject({ code: 2, stderr: expect.stringContaining("--released with --recorded") });
    expect(gate("--hours", "0").stderr).toContain("expected hours");
    expect(gate("--help")).toMatchObject({ code: 0 });
  });
});

describe("SSE-A9 a log group", () => {
  let server: Server;
  let asked: Record<string, unknown>[] = [];

  beforeAll(async () => {
    // Pages of ten; CloudWatch Logs itself answers in pages, too.
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        const input = JSON.parse(body) as { nextToken?: string; logGroupName: string };
        asked.push(input);
        const page = Number(input.nextToken ?? 0);
        const events = steady(1000, 10).map((ms) => ({ message: `${jsonReport(ms)}\n`, timestamp: 1 }));
        const missing = input.logGroupName === "/aws/lambda/none";
        response.writeHead(missing ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
        const found = { events, ...(page < 2 ? { nextToken: String(page + 1) } : {}) };
        response.end(
          JSON.stringify(missing ? { __type: "ResourceNotFoundException", message: "none" } : found),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const live = (...args: readonly string[]) => {
    asked = [];
    const { port } = server.address() as AddressInfo;
    const variables = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "lab",
      AWS_SECRET_ACCESS_KEY: "lab",
    };
    return tracewrightBeside(["gate", "cold-start", "--region", "eu-west-1", ...args], variables);
  };

  test("is read page by page, no further back than asked", async () => {
    const { code, stdout } = await live("--log-group", "/aws/lambda/preprod-sentiment-sse", "--hours", "2");
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("p95 of 30: 1000 ms") });
    expect(asked).toHaveLength(3);
    const since = Number(asked[0]?.["startTime"]);
    expect(Math.abs(Date.now() - 2 * 3_600_000 - since)).toBeLessThan(60_000);
  });

  test("is read from the release on, and a baseline's as far back as asked", async () => {
    const released = new Date(Date.now() - 600_000).toISOString();
    const groups = ["--log-group", "/aws/lambda/a", "--baseline-log-group", "/aws/lambda/b"];
    const { code, stdout } = await live(...groups, "--released", released, "--json");
    expect({ code, told: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      told: { verdict: "passed", judgedAt: expect.any(String) },
    });
    expect(asked[0]?.["startTime"]).toBe(Date.parse(released));
    expect(Number(asked[3]?.["startTime"])).toBeLessThan(Date.now() - 23 * 3_600_000);
  });

  test("that does not exist is named", async () => {
    const { code, stderr } = await live("--log-group", "/aws/lambda/none");
    expect(code).toBe(2);
    expect(stderr).toContain("--log-group /aws/lambda/none");
    expect(stderr).toContain("logs:FilterLogEvents");
  });
});
