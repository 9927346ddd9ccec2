import {
  CreateTopicCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { HEADERS } from "../../../contract/headers";
import { topicName } from "../../../contract/messaging";
import { GateSource } from "../../../doctor/gates/gate-source";
import { judgePropagation } from "../../../doctor/gates/sns";
import { gateSns } from "../../../doctor/gates/sns-command";
import { readTrace } from "../../../doctor/xray/trace";
import { AwsGateway } from "../../../lab/runtime/aws-gateway";
import { Moto } from "../../../lab/runtime/moto";
import type { SegmentDocument } from "../../../lab/runtime/xray-daemon";
import { XRayService } from "../../../lab/runtime/xray-service";
import { MotoFunctions, motoOptions } from "../../support/moto-functions";
import { runCommand } from "../../support/run-command";
import { commandOf, describeWith } from "../../support/tools";
import { about, below, recordedTraces, recording, segmentOf, traceId } from "./documents";
import { KEYS } from "./live";

const PUBLISHER = "preprod-sentiment-ingestion";
const RECEIVER = "preprod-sentiment-analysis";
const ENDPOINT = `arn:aws:lambda:eu-west-1:123456789012:function:${RECEIVER}`;

/** What a message leaves behind that takes its trace along. */
function wholeWay(id: string): readonly [SegmentDocument, SegmentDocument, SegmentDocument] {
  const publisher = segmentOf(PUBLISHER, id);
  const topic = below(publisher, "SNS", { namespace: "aws" });
  return [publisher, topic, { ...segmentOf(RECEIVER, id), parent_id: topic.id }];
}

const delivered = (RawMessageDelivery: "true" | "false", Endpoint = ENDPOINT) => ({
  Endpoint,
  RawMessageDelivery,
});

describe("SNS-2 the verdict", () => {
  const id = traceId();
  const [publisher, topic, receiver] = wholeWay(id);
  const judged = (documents: readonly SegmentDocument[], subscriptions = [delivered("false")]) =>
    judgePropagation("preprod", id, recordedTraces(documents).Traces.map(readTrace)[0], subscriptions).map(
      ({ verdict, found }) => `${verdict}: ${found}`,
    );

  test.each<[string, readonly SegmentDocument[], string]>([
    ["the whole way", [publisher, topic, receiver], "passed: both functions and the topic"],
    ["no analysis", [publisher, topic], `failed: no ${RECEIVER}`],
    ["a topic nobody recorded", [publisher, receiver], "failed: no the SNS node"],
    ["no ingestion", [receiver, topic], `failed: no ${PUBLISHER}`],
    ["nothing published", [publisher], `undecided: no the SNS node, no ${RECEIVER}`],
    ["no trace", [], "undecided: nothing"],
  ])("%s", (_, documents, expected) => {
    expect(judged(documents)[0]).toBe(expected);
  });

  test.each<[string, Parameters<typeof judged>[1], string]>([
    [
      "off",
      [delivered("false"), delivered("true", "arn:aws:lambda:eu-west-1:1:function:other")],
      "passed: off",
    ],
    ["on", [delivered("true")], "failed: on"],
    ["off for an alias", [delivered("false", `${ENDPOINT}:live`)], "passed: off"],
    [
      "off for a function whose name begins alike",
      [delivered("false", `${ENDPOINT}-old`)],
      "failed: no subscription",
    ],
    ["no subscription", [], "failed: no subscription"],
  ])("raw delivery %s", (_, subscriptions, expected) => {
    expect(judged([publisher, topic, receiver], subscriptions)[1]).toBe(expected);
  });
});

describe("E5 SNS-2 tracewright gate sns, recorded", () => {
  const id = traceId();
  const gate = (name: string, documents: readonly SegmentDocument[], raw: "true" | "false" = "false") =>
    runCommand(
      "gate",
      "sns",
      "--environment",
      "preprod",
      "--recorded",
      recording(name, {
        ...about("sns", "preprod"),
        ...recordedTraces(documents),
        TraceId: id,
        Subscriptions: [delivered(raw)],
      }),
    );

  test("passes, fails without analysis or with raw delivery, and refuses without a trace", async () => {
    const [publisher, topic, receiver] = wholeWay(id);
    expect(await gate("whole", [publisher, topic, receiver])).toMatchObject({ code: 0 });
    expect(await gate("no-analysis", [publisher, topic])).toMatchObject({ code: 1 });
    expect(await gate("raw", [publisher, topic, receiver], "true")).toMatchObject({ code: 1 });
    expect(await gate("dark", [])).toMatchObject({ code: 3 });
  });
});

describeWith(["moto"], "E5 SNS-2 tracewright gate sns, against moto and the lab's X-Ray", () => {
  let moto: Moto;
  let gateway: AwsGateway;
  let sns: SNSClient;
  let subscription = "";
  const xray = new XRayService();

  beforeAll(async () => {
    moto = await Moto.start(commandOf("moto"));
    gateway = await AwsGateway.start(moto.url);
    Object.assign(process.env, KEYS, { AWS_ENDPOINT_URL: gateway.url });
    sns = new SNSClient(motoOptions(moto.url));
    const { TopicArn = "" } = await sns.send(
      new CreateTopicCommand({ Name: topicName("preprod", "analysis-requests") }),
    );
    const functions = await MotoFunctions.start(moto.url);
    await functions.create(PUBLISHER, { SNS_TOPIC_ARN: TopicArn });
    const Endpoint = await functions.create(RECEIVER, {});
    const { SubscriptionArn = "" } = await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint }),
    );
    subscription = SubscriptionArn;
    functions.stop();
  });
  afterAll(async () => {
    sns.destroy();
    await gateway.stop();
    await moto.stop();
  });
  beforeEach(() => {
    gateway.reset();
    xray.reset();
  });

  /** Lambda runs ingestion, which sends documents of the trace it was invoked in. */
  function running(documents: (id: string) => readonly SegmentDocument[]): void {
    gateway.answerWith((call) => {
      if (call.operation !== "Invoke") return xray.answers(call);
      const header = String(call.headers[HEADERS.traceId]);
      xray.receive(
        documents(
          /^Root=(1-[0-9a-f]{8}-[0-9a-f]{24});Parent=[0-9a-f]{16};Sampled=1$/.exec(header)?.[1] ?? "",
        ),
      );
      return "{}";
    });
  }

  async function gated(afterWait: (waitedMs: number) => void = () => undefined) {
    const source = new GateSource({ reads: "sns", environment: "preprod" }, { region: "eu-west-1" });
    const waits: number[] = [];
    const clock = {
      now: Date.now,
      wait: async (ms: number) => {
        waits.push(ms / 1000);
        afterWait(ms);
      },
    };
    try {
      const findings = await gateSns(source, { environment: "preprod" }, () => undefined, clock);
      return { verdicts: findings.map(({ verdict }) => verdict), waits };
    } finally {
      source.close();
    }
  }

  test("invokes inside a trace, finds it after 30 s and looks no further", async () => {
    running(wholeWay);
    expect(await gated()).toEqual({ verdicts: ["passed", "passed"], waits: [30] });
  });

  test("looks again after 60 s, and only then says that something is missing", async () => {
    let late: readonly SegmentDocument[] = [];
    running((id) => {
      const [publisher, topic, receiver] = wholeWay(id);
      late = [receiver];
      return [publisher, topic];
    });
    expect(await gated()).toEqual({ verdicts: ["failed", "passed"], waits: [30, 30] });
    let waits = 0;
    const found = await gated(() => {
      waits += 1;
      if (waits === 2) xray.receive(late);
    });
    expect(found).toEqual({ verdicts: ["passed", "passed"], waits: [30, 30] });
  });

  test("a topic that cannot be read from variables is not taken for an absent one", async () => {
    gateway.answerWith((call) =>
      call.operation === "GetFunctionConfiguration"
        ? JSON.stringify({ Environment: { Error: { ErrorCode: "AccessDeniedException" } } })
        : call.operation === "Invoke"
          ? "{}"
          : undefined,
    );
    await expect(gated()).rejects.toThrow(/cannot be read \(AccessDeniedException\).*kms:Decrypt/);
  });

  test("sees raw delivery", async () => {
    const set = (AttributeValue: string) =>
      sns.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn: subscription,
          AttributeName: "RawMessageDelivery",
          AttributeValue,
        }),
      );
    running(wholeWay);
    await set("true");
    expect(await gated()).toMatchObject({ verdicts: ["passed", "failed"] });
    await set("false");
  });

  test.each([
    ["Invoke", 403, "AccessDeniedException", /lambda:InvokeFunction/],
    ["GetFunctionConfiguration", 403, "AccessDeniedException", /lambda:GetFunctionConfiguration/],
    ["GetFunctionConfiguration", 429, "TooManyRequestsException", /wait a minute/],
    ["GetSubscriptionAttributes", 403, "AuthorizationError", /sns:GetSubscriptionAttributes/],
    ["GetSubscriptionAttributes", 400, "Throttling", /wait a minute/],
    ["BatchGetTraces", 403, "AccessDeniedException", /xray:BatchGetTraces/],
  ])("%s refused with %d %s is named", async (operation, status, code, words) => {
    running(wholeWay);
    gateway.failWhen((call) => (call.operation === operation ? { status, code, message: "no" } : undefined));
    await expect(gated()).rejects.toThrow(words);
  });
});
