import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { canaryAlertTopicName, canaryStateParameter } from "../../contract/canary";
import { RELIABILITY_NAMESPACE } from "../../contract/metrics";
import { functionName, SERVICES } from "../../contract/services";
import { streamVariables } from "../../lab/page/local-variables";
import type { AwsCall } from "../../lab/runtime/aws-gateway";
import { type FunctionHost, type Invocation, newTraceHeader } from "../../lab/runtime/function-host";
import { OtlpReceiver } from "../../lab/runtime/otlp-receiver";
import { RestGateway } from "../../lab/runtime/rest-gateway";
import { StreamGateway } from "../../lab/runtime/stream-gateway";
import { StreamHost } from "../../lab/runtime/stream-host";
import type { SegmentDocument } from "../../lab/runtime/xray-daemon";
import { XRayService } from "../../lab/runtime/xray-service";
import { grantedTo, usesOf } from "../support/access-used";
import { BACKUP_REGION, HOME_REGION } from "../support/canary-lab";
import { Inspected } from "../support/inspected";
import { ancestors, batches, jsonLines, onlySegment, orphans, valuesOf } from "../support/observed";
import { ENVIRONMENT, PipelineLab } from "../support/pipeline-lab";
import { streamCode } from "../support/stream-code";
import { describeWith } from "../support/tools";
import { TraceRelay } from "../support/trace-relay";

/** The run keeps as much back for telling what it found, so it looks as soon as its requests are answered. */
const REMAINING_MS = 51_000;
/** By then what the requests left behind is on its way; a moment later it has arrived, however busy the machine. */
const ARRIVAL_MS = 1000;
const COMPONENT = { Environment: ENVIRONMENT, Component: "Canary" };
const parentOf = (header: unknown): string => /Parent=([0-9a-f]{16})/.exec(String(header))?.[1] ?? "";

/** What Terraform and a run five minutes ago have left: a topic, a metric, and the state that tells of it. */
async function leaveBehind(endpoint: string): Promise<void> {
  const lab = { endpoint, credentials: { accessKeyId: "lab", secretAccessKey: "lab" } };
  const [sns, ssm, cloudWatch] = [
    new SNSClient({ ...lab, region: BACKUP_REGION }),
    new SSMClient({ ...lab, region: HOME_REGION }),
    new CloudWatchClient({ ...lab, region: HOME_REGION }),
  ];
  await sns.send(new CreateTopicCommand({ Name: canaryAlertTopicName(ENVIRONMENT) }));
  const marker = { value: 4711, at: Date.now() - 300_000 };
  const Name = canaryStateParameter(ENVIRONMENT);
  await ssm.send(new PutParameterCommand({ Name, Value: JSON.stringify({ marker }), Type: "String" }));
  const Dimensions = Object.entries(COMPONENT).map(([Name, Value]) => ({ Name, Value }));
  const datum = {
    MetricName: "CanaryMarker",
    Dimensions,
    Value: marker.value,
    Timestamp: new Date(marker.at),
  };
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: RELIABILITY_NAMESPACE, MetricData: [datum] }));
  for (const client of [sns, ssm, cloudWatch]) client.destroy();
}

describeWith(["moto"], "E1 the canary as it ships, on the API and the stream as they ship", () => {
  let lab: PipelineLab;
  let host: FunctionHost;
  let relay: TraceRelay;
  const parts: { stop(): Promise<void> }[] = [];
  const inspected = new Inspected();
  let run: Invocation;
  let calls: readonly AwsCall[];
  let callsForLost: readonly AwsCall[];
  let documents: readonly SegmentDocument[];
  const header = newTraceHeader();

  function keep<P extends { stop(): Promise<void> }>(part: P): P {
    parts.push(part);
    return part;
  }

  beforeAll(async () => {
    lab = await PipelineLab.start();
    await lab.reset();
    await leaveBehind(lab.moto.url);
    const collector = keep(await OtlpReceiver.start());
    const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:unused";
    const variables = streamVariables({ secretArn, collectorUrl: collector.url, awsUrl: lab.moto.url });
    const streamHost = keep(
      await StreamHost.start({
        code: streamCode(),
        functionName: functionName(ENVIRONMENT, "sse"),
        memoryMb: SERVICES.sse.memoryMb,
        variables,
      }),
    );
    const stream = keep(await StreamGateway.start(streamHost, []));
    const gateway = keep(await RestGateway.start(await lab.function("dashboard")));
    host = await lab.function("canary", { API_URL: gateway.url, STREAM_URL: `${stream.url}/` });
    const xray = new XRayService();
    relay = new TraceRelay(xray, { daemon: lab.daemon, gateway, collector });
    lab.gateway.answerWith((call) => xray.answers(call) ?? inspected.answers(call));
    lab.gateway.failWhen(({ operation }) =>
      operation === "BatchGetTraces" || operation === "GetTraceSummaries"
        ? { delayMs: ARRIVAL_MS }
        : undefined,
    );
    inspected.missing = { metrics: ["xray:PutTraceSegments"] };
    run = await host.invoke({ source: "aws.events" }, { traceHeader: header, remainingMs: REMAINING_MS });
    // The API's own calls go through the same gateway.
    calls = lab.gateway.calls.filter(({ service }) => service !== "dynamodb");
    const root = /Root=([^;]+)/.exec(header)?.[1];
    documents = (await lab.daemon.settled()).filter(({ trace_id }) => trace_id === root);
    relay.stop();
    // It asks where traces go only when some are lost.
    lab.gateway.reset();
    xray.behave({ discarded: () => true });
    lab.gateway.answerWith((call) => xray.answers(call) ?? inspected.answers(call));
    await host.invoke({ source: "aws.events" }, { remainingMs: REMAINING_MS });
    callsForLost = lab.gateway.calls.filter(({ service }) => service !== "dynamodb");
  });

  afterAll(async () => {
    relay?.stop();
    for (const part of parts.reverse()) await part.stop();
    await lab?.stop();
  });

  test("E1 CAN-1 CAN-10 it finds its traces, those of its request and of its stream, whole", () => {
    expect(run.error).toBeUndefined();
    expect(run.result).toMatchObject({ status: "healthy", troubles: ["permission_drift"], alerted: true });
    expect(valuesOf(calls, "CanaryHealth", COMPONENT)).toEqual([1]);
    expect(valuesOf(calls, "CanarySubsegmentIncomplete", COMPONENT)).toEqual([0]);
  });

  test("IAM-1 IAM-3 canary calls exactly what the contract grants", () => {
    expect([...new Set([...calls, ...callsForLost].flatMap(usesOf))].sort()).toEqual(
      [...grantedTo("canary")].sort(),
    );
  });

  test("TRC-2 canary records each AWS call exactly once", () => {
    const recorded = documents.filter(({ namespace }) => namespace === "aws");
    expect(recorded.map(({ id }) => id).sort()).toEqual(
      calls.map(({ headers }) => parentOf(headers["x-amzn-trace-id"])).sort(),
    );
  });

  test("TRC-4 canary leaves no orphan and closes every subsegment", () => {
    expect(orphans(documents, [parentOf(header)])).toEqual([]);
    expect(documents.filter(({ end_time }) => end_time === undefined)).toEqual([]);
    const xray = documents.filter(({ name }) => name === "X-Ray" || name === "XRay");
    expect(new Set(xray.map((document) => ancestors(document, documents)[0]))).toEqual(
      new Set(["submit_test_segments", "look_up_traces"]),
    );
  });

  test("TRC-5 TRC-6 DAT-2 canary sends no metadata, and at most seven annotations", () => {
    expect(documents.filter(({ metadata }) => metadata !== undefined)).toEqual([]);
    const annotations = onlySegment(documents, "handle_event").annotations;
    expect(annotations).toEqual({
      Service: "sentiment-analyzer-canary",
      ColdStart: true,
      synthetic: true,
      canary_run: expect.any(String),
      canary_status: "healthy",
      lost_count: 0,
    });
    const keys = new Set(documents.flatMap((document) => Object.keys(document.annotations ?? {})));
    expect(keys.size).toBeLessThanOrEqual(7);
  });

  test("CORR-2 canary writes its own trace id on every line, and nothing that is secret", () => {
    const lines = jsonLines(run.lines);
    expect(lines.length).toBeGreaterThan(1);
    const root = /Root=([^;]+)/.exec(header)?.[1];
    expect(new Set(lines.map((line) => line["xray_trace_id"]))).toEqual(new Set([root]));
    expect(run.lines.join("\n")).not.toMatch(/AWS_SECRET|Credential=|Bearer/);
  });

  test("CAN-1 CAN-10 the canary's own trace is apart from those it looks for", () => {
    const sent = calls
      .filter(({ operation }) => operation === "PutTraceSegments")
      .flatMap(({ input }) => input["TraceSegmentDocuments"] as string[])
      .map((text) => JSON.parse(text).trace_id);
    expect(sent).toHaveLength(5);
    expect(documents.filter(({ namespace }) => namespace === "remote")).toEqual([]);
    expect(header).not.toContain(sent[0]);
  });

  test("IAM-4 SC-118 an event of IAM has the shipped function look at permissions only", async () => {
    lab.gateway.reset();
    lab.gateway.answerWith(inspected.answers);
    const event = { source: "aws.iam", "detail-type": "AWS API Call via CloudTrail" };
    const { result } = await host.invoke(event);
    expect(result).toMatchObject({ status: "failed", troubles: ["permission_drift"], alerted: true });
    const [batch] = batches(lab.gateway.calls);
    expect(batch?.filter(({ value }) => value > 0).map(({ name, dimensions }) => [name, dimensions])).toEqual(
      [["IAMPolicyDrift", { Environment: ENVIRONMENT, FunctionName: "dev-sentiment-metrics" }]],
    );
  });

  test("CAN-9 the shipped function runs without a tracer, and says so in a metric", async () => {
    const untraced = await lab.function("canary", {}, ["AWS_EXECUTION_ENV"]);
    lab.gateway.reset();
    lab.gateway.answerWith(inspected.answers);
    const { error, lines } = await untraced.invoke({ source: "aws.iam" });
    expect(error).toBeUndefined();
    expect(valuesOf(lab.gateway.calls, "CanaryInitFailure", COMPONENT)).toEqual([1]);
    expect(lines.join("\n")).toContain('"canary_init_failed":true');
  });

  test("TRC-7 CAN-9 with a variable missing even the canary does not start", async () => {
    await expect(lab.function("canary", { STATE_PARAMETER: "" })).rejects.toThrow(
      /canary cannot start: STATE_PARAMETER is not set/,
    );
  });
});
