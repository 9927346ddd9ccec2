import {
  BatchGetTracesCommand,
  GetSamplingRulesCommand,
  GetServiceGraphCommand,
  GetTraceSegmentDestinationCommand,
  GetTraceSummariesCommand,
  PutTraceSegmentsCommand,
  XRayClient,
} from "@aws-sdk/client-xray";
import { AwsGateway } from "../../lab/runtime/aws-gateway";
import type { SegmentDocument } from "../../lab/runtime/xray-daemon";
import { XRayService } from "../../lab/runtime/xray-service";

const NOW = Date.UTC(2026, 10, 21, 12);

function document(number: number, change: Partial<SegmentDocument> = {}): SegmentDocument {
  const seconds = NOW / 1000 - 60;
  const digits = number.toString(16);
  return {
    id: digits.padStart(16, "0"),
    trace_id: `1-${Math.floor(seconds).toString(16)}-${digits.padStart(24, "0")}`,
    name: "shop",
    start_time: seconds,
    end_time: seconds + 0.5,
    ...change,
  };
}

describe("XRayService", () => {
  let now = NOW;
  const service = new XRayService(() => now);
  let gateway: AwsGateway;
  let client: XRayClient;

  beforeAll(async () => {
    gateway = await AwsGateway.start("http://127.0.0.1:9");
    const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
    client = new XRayClient({ endpoint: gateway.url, region: "us-east-1", credentials, maxAttempts: 1 });
  });

  beforeEach(() => {
    now = NOW;
    service.reset();
    gateway.reset();
    gateway.answerWith(service.answers);
  });

  afterAll(async () => {
    client?.destroy();
    await gateway?.stop();
  });

  const put = (...documents: readonly unknown[]) =>
    client.send(
      new PutTraceSegmentsCommand({ TraceSegmentDocuments: documents.map((one) => JSON.stringify(one)) }),
    );
  const summaries = (change: { FilterExpression?: string; NextToken?: string; hours?: number } = {}) => {
    const { hours = 1, ...rest } = change;
    const EndTime = new Date(now);
    const StartTime = new Date(now - hours * 3_600_000);
    return client.send(new GetTraceSummariesCommand({ StartTime, EndTime, ...rest }));
  };
  const batch = (...TraceIds: string[]) => client.send(new BatchGetTracesCommand({ TraceIds }));

  test("what was put is summarized and handed out unchanged", async () => {
    const sent = document(1, { fault: true, annotations: { synthetic: true, run: "a" } });
    expect((await put(sent)).UnprocessedTraceSegments).toEqual([]);
    const { TraceSummaries } = await summaries();
    expect(TraceSummaries).toMatchObject([{ Id: sent.trace_id, HasFault: true, IsPartial: false }]);
    expect(TraceSummaries?.[0]?.Annotations?.["synthetic"]?.[0]?.AnnotationValue).toEqual({
      BooleanValue: true,
    });
    const { Traces } = await batch(sent.trace_id);
    expect(Traces?.map(({ Segments }) => Segments?.map(({ Document = "" }) => JSON.parse(Document)))).toEqual(
      [[sent]],
    );
    expect(gateway.calls.map(({ operation }) => operation)).toEqual([
      "PutTraceSegments",
      "GetTraceSummaries",
      "BatchGetTraces",
    ]);
  });

  test.each([
    ["annotation.synthetic = true", [1, 2]],
    ['annotation.run = "b" AND fault', [2]],
    ["!annotation.synthetic", [3]],
    ['service("other")', [3]],
    ["error = false", [1, 2, 3]],
  ])("the filter %s is really evaluated", async (FilterExpression, numbers) => {
    const annotations = { synthetic: true, run: "a" };
    await put(
      document(1, { annotations }),
      document(2, { annotations: { ...annotations, run: "b" }, fault: true }),
      document(3, { name: "other" }),
    );
    const { TraceSummaries = [] } = await summaries({ FilterExpression });
    expect(TraceSummaries.map(({ Id }) => Id)).toEqual(numbers.map((number) => document(number).trace_id));
  });

  test("a filter it does not know, a window over six hours and six ids at once are refused", async () => {
    await expect(summaries({ FilterExpression: "duration > 5" })).rejects.toThrow("cannot evaluate");
    await expect(summaries({ hours: 7 })).rejects.toThrow("over 6 hours");
    await expect(batch("a", "b", "c", "d", "e", "f")).rejects.toThrow("at most 5");
  });

  test("answers come in pages", async () => {
    service.behave({ pageSize: 2 });
    service.receive([document(1), document(2), document(3)]);
    const first = await summaries();
    const second = await summaries({ NextToken: first.NextToken ?? "" });
    expect([first, second].map(({ TraceSummaries }) => TraceSummaries?.length)).toEqual([2, 1]);
    expect(second.NextToken).toBeUndefined();
  });

  test("documents are found only once they are indexed, and never when they are discarded", async () => {
    service.behave({ indexedAfterMs: 45_000, discarded: ({ name }) => name === "lost" });
    await put(document(1), document(2, { name: "lost" }));
    now += 30_000;
    expect((await summaries()).TraceSummaries).toEqual([]);
    now += 30_000;
    expect((await summaries()).TraceSummaries).toHaveLength(1);
    expect((await batch(document(2).trace_id)).UnprocessedTraceIds).toEqual([document(2).trace_id]);
  });

  test("an index that lags hides traces from summaries and not from those who know their ids", async () => {
    service.behave({ summarizedAfterMs: 45_000 });
    await put(document(1));
    expect((await summaries()).TraceSummaries).toEqual([]);
    expect((await batch(document(1).trace_id)).Traces).toHaveLength(1);
    now += 60_000;
    expect((await summaries()).TraceSummaries).toHaveLength(1);
  });

  test.each([
    ["InvalidTraceId", { trace_id: "1-0-1" }],
    ["InvalidTraceId", { trace_id: `1-00000001-${"0".repeat(24)}` }],
    ["InvalidId", { id: "x" }],
    ["MissingName", { name: "" }],
    ["MissingEndTime", { end_time: undefined }],
    ["SegmentTooLarge", { metadata: { text: "x".repeat(64 * 1024) } }],
  ])("%s: a flawed document comes back and is not kept", async (ErrorCode, change) => {
    expect((await put({ ...document(1), ...change })).UnprocessedTraceSegments).toMatchObject([
      { ErrorCode },
    ]);
    expect(service.traces).toEqual([]);
  });

  test("unprocessed, partial, limited and unreadable traces come on demand", async () => {
    const [first, second, third] = [document(1), document(2), document(3)];
    service.behave({
      unprocessed: ({ id }) => id === third.id,
      partial: (id) => id === first.trace_id,
      limitExceeded: (id) => id === first.trace_id,
      unreadable: (id) => id === second.trace_id,
      destination: "CloudWatchLogs",
    });
    expect((await put(first, second, third)).UnprocessedTraceSegments).toMatchObject([{ Id: third.id }]);
    expect((await summaries()).TraceSummaries?.map(({ IsPartial }) => IsPartial)).toEqual([true, false]);
    expect((await batch(first.trace_id, second.trace_id)).Traces).toMatchObject([{ LimitExceeded: true }]);
    const destination = await client.send(new GetTraceSegmentDestinationCommand({}));
    expect(destination.Destination).toBe("CloudWatchLogs");
  });

  test("the service graph leads from a service to what it called, and the default rule is there", async () => {
    const call = document(2, { trace_id: document(1).trace_id, name: "DynamoDB", namespace: "aws" });
    await put(document(1), { ...call, parent_id: document(1).id });
    const { Services } = await client.send(
      new GetServiceGraphCommand({ StartTime: new Date(now - 3_600_000), EndTime: new Date(now) }),
    );
    expect(Services).toMatchObject([
      { Name: "shop", Root: true, Edges: [{ ReferenceId: 1 }] },
      { Name: "DynamoDB", Type: "aws", Root: false, Edges: [] },
    ]);
    const { SamplingRuleRecords } = await client.send(new GetSamplingRulesCommand({}));
    expect(SamplingRuleRecords?.map(({ SamplingRule }) => SamplingRule?.RuleName)).toEqual(["Default"]);
  });
});
