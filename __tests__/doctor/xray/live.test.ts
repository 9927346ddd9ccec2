import { LiveTraceSource } from "../../../doctor/xray/live";
import { Patience } from "../../../doctor/xray/patience";
import { summariesOf, tracesOf } from "../../../doctor/xray/reading";
import { AwsGateway } from "../../../lab/runtime/aws-gateway";
import { XRayService } from "../../../lab/runtime/xray-service";
import { segmentDocument, traceId } from "../../support/traces";

const NOW = Date.UTC(2026, 10, 21, 12);
const DAY = { fromMs: NOW - 86_400_000, toMs: NOW };
const VARIABLES = { AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: "lab", AWS_REGION: "eu-west-1" };

async function collected<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of all) found.push(one);
  return found;
}

describe("X-Ray asked by the SDK", () => {
  const service = new XRayService(() => NOW);
  const before = { ...process.env };
  let gateway: AwsGateway;
  let source: LiveTraceSource;
  let waitedMs = 0;

  beforeAll(async () => {
    gateway = await AwsGateway.start("http://127.0.0.1:9");
    Object.assign(process.env, VARIABLES, { AWS_ENDPOINT_URL: gateway.url });
    source = new LiveTraceSource({
      clock: {
        now: () => 0,
        wait: async (ms) => {
          waitedMs = ms;
        },
      },
      patience: new Patience(() => 1),
    });
  });

  beforeEach(() => {
    service.reset();
    gateway.reset();
    gateway.answerWith(service.answers);
    waitedMs = 0;
  });

  afterAll(async () => {
    source?.close();
    await gateway?.stop();
    process.env = before;
  });

  const operations = (name: string) => gateway.calls.filter(({ operation }) => operation === name);
  const failing = (code: string, status: number, times: number) => {
    let left = times;
    gateway.failWhen(({ service: called }) =>
      called === "xray" && left-- > 0 ? { status, code, message: "Rate exceeded" } : undefined,
    );
  };

  /** One trace every half hour of a day, the edges of the windows included. */
  const starts = Array.from({ length: 48 }, (_, index) => (DAY.fromMs + index * 1_800_000) / 1000);
  const receive = () => service.receive(starts.map((start, index) => segmentDocument(index + 1, start)));

  test("E3 DOC-4 a day is searched in four windows, all pages, unsampled, each trace once", async () => {
    receive();
    service.behave({ pageSize: 5 });
    const found = await collected(summariesOf(source, DAY, undefined));
    expect(found.map(({ id }) => id).sort()).toEqual(
      starts.map((start, index) => traceId(index + 1, start)).sort(),
    );
    const calls = operations("GetTraceSummaries").map(({ input }) => input);
    expect(new Set(calls.map(({ StartTime }) => StartTime)).size).toBe(4);
    expect(calls.every(({ Sampling }) => Sampling === false)).toBe(true);
    expect(calls.length).toBeGreaterThan(8);
  });

  test("DOC-6 whole traces come five at once and in pace", async () => {
    receive();
    const ids = starts.map((start, index) => traceId(index + 1, start));
    const { traces, missing } = await tracesOf(source, ids);
    expect(traces.map(({ id }) => id)).toEqual(ids);
    expect(missing).toEqual([]);
    expect(operations("BatchGetTraces").map(({ input }) => (input["TraceIds"] as unknown[]).length)).toEqual([
      ...Array(9).fill(5),
      3,
    ]);
    expect(waitedMs).toBe(9 * 200);
  });

  test("E3 a throttled request is sent again until it is answered", async () => {
    receive();
    failing("ThrottledException", 429, 7);
    expect(await collected(summariesOf(source, { ...DAY, fromMs: NOW - 3_600_000 }, undefined))).toHaveLength(
      2,
    );
    expect(operations("GetTraceSummaries")).toHaveLength(8);
  });

  test("throttling without end is told, with what to do", async () => {
    failing("ThrottledException", 429, 100);
    const all = collected(summariesOf(source, DAY, "fault"));
    await expect(all).rejects.toThrow(
      /xray:GetTraceSummaries: found ThrottledException.*ask for less at a time/,
    );
    expect(operations("GetTraceSummaries")).toHaveLength(8);
  });

  test.each([
    ["AccessDeniedException", 403, 1, /permission for xray:GetTraceSummaries/],
    ["ExpiredTokenException", 403, 1, /credentials that are still valid/],
    ["InternalFailure", 500, 3, /health.aws.amazon.com/],
    ["InvalidRequestException", 400, 1, /correct what AWS names/],
  ])("%s is told without waiting long", async (code, status, attempts, words) => {
    failing(code, status, 100);
    await expect(collected(summariesOf(source, DAY, undefined))).rejects.toThrow(words);
    expect(operations("GetTraceSummaries")).toHaveLength(attempts);
  });

  test("a document that cannot be read is named, the others are kept", async () => {
    const id = traceId(1, starts[0] ?? 0);
    const segments = [
      { Id: "a", Document: JSON.stringify(segmentDocument(1, 5)) },
      { Id: "b", Document: "{" },
    ];
    gateway.answerWith(() => JSON.stringify({ Traces: [{ Id: id, Segments: segments }] }));
    const { traces } = await tracesOf(source, [id]);
    expect(traces[0]?.segments.map(({ name }) => name)).toEqual(["shop"]);
    expect(traces[0]?.malformed).toEqual([{ segmentId: "b", problem: "no JSON, 1 characters" }]);
  });

  test("an answer that is none of X-Ray's is refused by name", async () => {
    gateway.answerWith(() => JSON.stringify({ TraceSummaries: [{ Id: "not a trace" }] }));
    await expect(collected(summariesOf(source, DAY, undefined))).rejects.toThrow(
      /xray:GetTraceSummaries: 0.Id: .*expected a trace id/,
    );
  });
});
