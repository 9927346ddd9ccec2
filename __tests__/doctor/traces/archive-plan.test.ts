import { parse } from "valibot";
import { TRACE_ARCHIVE } from "../../../contract/trace-archive";
import { Bucket } from "../../../doctor/traces/archive/bucket";
import { clockWindows, estimateSeconds, planArchive } from "../../../doctor/traces/archive/plan";
import { settledRange } from "../../../doctor/traces/archive/settled";
import type { TraceSource } from "../../../doctor/xray/source";
import { RAW_SUMMARY } from "../../../doctor/xray/summary";
import { AwsGateway } from "../../../lab/runtime/aws-gateway";
import { tracewrightInside } from "../../support/cli-inside";
import { traceId } from "../../support/traces";

const HOUR = 3_600_000;
const TO = Date.UTC(2026, 10, 21, 12);
const DAY = { fromMs: TO - 24 * HOUR, toMs: TO };
const OWNER = "123456789012";
const OWNED = ["--owner", OWNER, "--region", "eu-west-1"];

test("DOC-6 windows are cut by the clock, so that neighbouring runs share none", () => {
  const at = (hour: number) => Date.UTC(2026, 10, 21, hour);
  const cuts = clockWindows({ fromMs: at(5), toMs: at(13) }).map(({ fromMs, toMs }) => [fromMs, toMs]);
  expect(cuts).toEqual([
    [at(5), at(6)],
    [at(6), at(12)],
    [at(12), at(13)],
  ]);
  expect(clockWindows({ fromMs: at(7), toMs: at(8) })).toEqual([{ fromMs: at(7), toMs: at(8) }]);
});

test("DOC-6 FR-163 the estimate is requests of five at five a second, windows not mixed", () => {
  const ids = (count: number) => Array.from({ length: count }, String);
  const windows = [90_000, 3, 6].map((count) => ({ window: DAY, ids: ids(count) }));
  const plan = { range: DAY, filter: undefined, windows, traces: 90_009 };
  expect(estimateSeconds(plan, 5, 5)).toBeCloseTo((18_000 + 1 + 2) / 5);
});

test("DOC-6 a plan lists each trace once and in order, in the window it is given for first", async () => {
  const pages = [[3, 1], [2, 3], [], [1]].map((numbers) => numbers.map((number) => traceId(number, 5)));
  let asked = 0;
  const source: TraceSource = {
    name: "a stub",
    longestWindowMs: 6 * HOUR,
    tracesAtOnce: 5,
    summaryPage: async () => {
      const ids = pages[asked++] ?? [];
      return { summaries: ids.map((Id) => parse(RAW_SUMMARY, { Id })), next: undefined };
    },
    tracePage: async () => ({ traces: [], unprocessed: [], next: undefined }),
    pause: async () => undefined,
    close: () => undefined,
  };
  const midnight = Math.floor(TO / (24 * HOUR)) * 24 * HOUR;
  const { windows, traces } = await planArchive(
    source,
    { fromMs: midnight - 24 * HOUR, toMs: midnight },
    undefined,
    () => undefined,
  );
  expect(traces).toBe(3);
  expect(windows.map(({ ids }) => ids)).toEqual([[traceId(1, 5), traceId(3, 5)], [traceId(2, 5)]]);
});

test("DOC-6 time that has not settled is refused, and is not what is archived unasked", async () => {
  const until = (ms: number) => ["--until", new Date(ms).toISOString()];
  for (const end of [until(Date.now() + HOUR), until(Date.now() - 5 * 60_000), ["--until", "9m"]]) {
    const refused = await tracewrightInside([
      "traces",
      "archive",
      "--bucket",
      "acme",
      ...OWNED,
      "--since",
      "1h",
      ...end,
    ]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("needs a while to index") });
  }
  const now = Date.now();
  expect(settledRange("1h", undefined, now)).toEqual({ fromMs: now - HOUR, toMs: now - 10 * 60_000 });
});

describe("a bucket's lifecycle", () => {
  const before = { ...process.env };
  let gateway: AwsGateway;
  beforeAll(async () => {
    gateway = await AwsGateway.start("http://127.0.0.1:9");
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: gateway.url,
      AWS_ACCESS_KEY_ID: "lab",
      AWS_SECRET_ACCESS_KEY: "lab",
    });
  });
  afterAll(async () => {
    process.env = before;
    await gateway?.stop();
  });

  test("DOC-6 a rule that spares small or large objects does not delete an archive", async () => {
    const retention = async (filter: string) => {
      const rule = `<Rule><Status>Enabled</Status><Filter>${filter}</Filter><Expiration><Days>9</Days></Expiration></Rule>`;
      gateway.answerWith(({ operation }) =>
        operation === "GetBucketLifecycleConfiguration"
          ? `<LifecycleConfiguration>${rule}</LifecycleConfiguration>`
          : undefined,
      );
      const bucket = new Bucket("acme", OWNER, "eu-west-1");
      const days = await bucket.retentionDays(TRACE_ARCHIVE.prefix);
      bucket.close();
      return days;
    };
    const less = "<ObjectSizeLessThan>1000000</ObjectSizeLessThan>";
    expect(await retention("<Prefix>traces/</Prefix>")).toBe(9);
    expect(await retention("<ObjectSizeGreaterThan>1000</ObjectSizeGreaterThan>")).toBeUndefined();
    expect(await retention(less)).toBeUndefined();
    expect(await retention(`<And><Prefix>traces/</Prefix>${less}</And>`)).toBeUndefined();
  });
});
