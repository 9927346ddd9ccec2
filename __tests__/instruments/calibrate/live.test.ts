import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { liveBaseline, liveRange } from "../../../instruments/calibrate/live";
import { fromSynthesized } from "../../../policies/terraform/synthesized";

const START = Date.parse("2026-11-01T00:00:00Z");
const RANGE = { fromMs: START, toMs: START + 7 * 86_400_000 };

interface Asked {
  readonly NextToken?: string;
  readonly MetricDataQueries: readonly {
    readonly Id: string;
    readonly MetricStat: { readonly Stat: string };
  }[];
}

/** CloudWatch on loopback: every metric has one datapoint a page, on three pages. */
async function cloudWatch(answer: (asked: Asked) => { status: number; body: unknown }) {
  const requests: Asked[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Asked;
      requests.push(asked);
      const { status, body } = answer(asked);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { requests, close: () => new Promise((resolve) => server.close(resolve)) };
}

function paged(asked: Asked): { status: number; body: unknown } {
  const page = Number(asked.NextToken ?? 0);
  const MetricDataResults = asked.MetricDataQueries.map(({ Id }) => ({
    Id,
    Timestamps: [START / 1000 + page * 60],
    Values: [page],
    StatusCode: "PartialData",
  }));
  return { status: 200, body: { MetricDataResults, ...(page < 2 ? { NextToken: String(page + 1) } : {}) } };
}

function alarms(count: number) {
  const one = (i: number) => ({
    alarm_name: `a${i}`,
    namespace: "AWS/Lambda",
    metric_name: "Duration",
    dimensions: { FunctionName: `f${i}` },
    extended_statistic: "p95",
    period: 300,
    evaluation_periods: 1,
    comparison_operator: "GreaterThanThreshold",
    threshold: 1000,
    treat_missing_data: "missing",
  });
  const written = Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, one(i)]));
  return fromSynthesized({
    provider: { aws: [{ region: "eu-west-1" }] },
    resource: { aws_cloudwatch_metric_alarm: written },
  });
}

describe("calibrate --live", () => {
  const before = { ...process.env };
  beforeAll(() => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
  });
  afterAll(() => {
    process.env = before;
  });

  test("ALM-5 every page of every metric is read, at most 500 metrics a request, one statistic a minute", async () => {
    const stub = await cloudWatch(paged);
    const said: string[] = [];
    const series = await liveBaseline(alarms(501), RANGE, (text) => said.push(text));
    await stub.close();
    expect(series).toHaveLength(501);
    expect(series.map(({ metric }) => metric.dimensions["FunctionName"]).at(-1)).toBe("f500");
    for (const { points } of series) expect(points.map(({ value }) => value)).toEqual([0, 1, 2]);
    expect(stub.requests.map((one) => one.MetricDataQueries.length)).toEqual([500, 500, 500, 1, 1, 1]);
    expect(stub.requests[0]?.MetricDataQueries[0]?.MetricStat).toMatchObject({ Stat: "p95", Period: 60 });
    expect(said).toEqual([
      "asking CloudWatch in eu-west-1 for 500 metrics",
      "asking CloudWatch in eu-west-1 for 1 metrics",
    ]);
  });

  test("a refusal is told in CloudWatch's own words", async () => {
    const stub = await cloudWatch(() => ({
      status: 400,
      body: { __type: "AccessDeniedException", message: "not allowed" },
    }));
    await expect(liveBaseline(alarms(1), RANGE, () => undefined)).rejects.toThrow(
      /--live: found AccessDenied.*not allowed; expected CloudWatch to answer.*Next step: check credentials/,
    );
    await stub.close();
  });

  test.each([
    [undefined, "2026-11-02T00:00:00Z", "--from: found nothing"],
    ["yesterday", "2026-11-02T00:00:00Z", "--from: found yesterday"],
    ["2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z", "-1 days"],
    ["2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", "31 days; expected more than 0 and at most 15"],
  ])("from %s to %s is refused", (from, to, message) => {
    expect(() => liveRange(from, to)).toThrow(message);
  });
});
