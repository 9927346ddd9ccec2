import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { COUNTED_SPAN } from "../../../contract/trace-structure";
import { judgeAnnotations } from "../../../doctor/gates/annotations";
import { GateSource } from "../../../doctor/gates/gate-source";
import { judgeRetention } from "../../../doctor/gates/retention";
import { gateRetention } from "../../../doctor/gates/retention-command";
import { type StreamVisit, visitStream } from "../../../doctor/gates/stream-visit";
import { judgeStructure } from "../../../doctor/gates/structure";
import { readTrace } from "../../../doctor/xray/trace";
import { StreamGateway } from "../../../lab/runtime/stream-gateway";
import type { SegmentDocument } from "../../../lab/runtime/xray-daemon";
import { XRayService } from "../../../lab/runtime/xray-service";
import { exported } from "../../support/exported-spans";
import { runCommand } from "../../support/run-command";
import { StreamLab } from "../../support/stream-lab";
import { describeWith } from "../../support/tools";
import { about, below, recordedTraces, recording, segmentOf, traceId } from "./documents";
import { KEYS } from "./live";

const visit = (change: Partial<StreamVisit> = {}): StreamVisit => ({
  TraceId: traceId(),
  Events: 20,
  Seconds: 15,
  End: "ended",
  ...change,
});

/** A stream's trace with so many spans of the counted kind. */
function stream({ TraceId }: StreamVisit, spans: number): readonly SegmentDocument[] {
  const segment = segmentOf("preprod-sentiment-sse", TraceId);
  return [segment, ...Array.from({ length: spans }, () => below(segment, COUNTED_SPAN))];
}

const ten = Array.from({ length: 10 }, () => visit());

describe("VER-1 the verdict", () => {
  const judged = (visits: readonly StreamVisit[], spans: (index: number) => number) =>
    judgeRetention(
      visits,
      recordedTraces(visits.flatMap((one, index) => stream(one, spans(index)))).Traces.map(readTrace),
    ).map(({ verdict }) => verdict);

  test.each<[string, readonly StreamVisit[], (index: number) => number, readonly string[]]>([
    ["all spans there", ten, () => 20, ["passed", "passed"]],
    ["95 % there", ten, () => 19, ["passed", "passed"]],
    ["94 % there", ten, (index) => (index < 8 ? 19 : 18), ["passed", "failed"]],
    ["a whole trace lost", ten, (index) => (index === 0 ? 0 : 20), ["passed", "failed"]],
    [
      "more spans in one trace make up for none in another",
      ten,
      (index) => (index === 0 ? 0 : 40),
      ["passed", "failed"],
    ],
    ["nine streams", ten.slice(1), () => 20, ["undecided", "passed"]],
    ["a stream cut off", [...ten.slice(1), visit({ End: "cut off" })], () => 20, ["undecided", "passed"]],
    [
      "less than an event a second",
      ten.map((one) => ({ ...one, Events: 10 })),
      () => 10,
      ["undecided", "passed"],
    ],
    [
      "ten streams of half a second",
      ten.map((one) => ({ ...one, Seconds: 0.5, Events: 1 })),
      () => 1,
      ["undecided", "passed"],
    ],
    ["a stream of 13.9 s", [...ten.slice(1), visit({ Seconds: 13.9 })], () => 20, ["undecided", "passed"]],
    ["streams of 14.1 s", ten.map((one) => ({ ...one, Seconds: 14.1 })), () => 20, ["passed", "passed"]],
    ["one trace id twice", [...ten.slice(1), ...ten.slice(1, 2)], () => 20, ["undecided", "passed"]],
    ["no stream", [], () => 0, ["undecided", "undecided"]],
  ])("%s", (_, visits, spans, expected) => {
    expect(judged(visits, spans)).toEqual(expected);
  });
});

test("E5 VER-1 recorded: passes, fails and refuses", async () => {
  const gate = (name: string, Streams: readonly StreamVisit[], spans: number) =>
    runCommand(
      "gate",
      "retention",
      "--environment",
      "preprod",
      "--recorded",
      recording(name, {
        ...about("retention", "preprod"),
        Streams,
        ...recordedTraces(Streams.flatMap((one) => stream(one, spans))),
      }),
    );
  expect(await gate("kept", ten, 20)).toMatchObject({ code: 0 });
  expect(await gate("lost", ten, 10)).toMatchObject({ code: 1 });
  expect(await gate("dark", [], 0)).toMatchObject({ code: 3 });
  expect(await runCommand("gate", "retention", "--environment", "preprod")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--stream or --recorded"),
  });
});

test("VER-1 a stream is asked for its length, whatever the stage's own limit", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end("event: metrics\ndata: {}\n\nevent: done\ndata: {}\n\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const visited = await visitStream(new URL(`http://127.0.0.1:${port}/`), 15);
  await new Promise((resolve) => server.close(resolve));
  expect(visited).toMatchObject({ Events: 1, End: "ended" });
  expect(asked).toEqual(["/api/v2/stream?max_stream_ms=15000"]);
});

describeWith(["moto"], "E5 VER-1 against the streaming function itself", () => {
  const xray = new XRayService();
  let lab: StreamLab;
  let gateway: StreamGateway;

  beforeAll(async () => {
    lab = await StreamLab.start();
    Object.assign(process.env, KEYS, { AWS_ENDPOINT_URL: lab.gateway.url });
    const host = await lab.host({ SSE_MAX_STREAM_MS: "3500" });
    gateway = await StreamGateway.start(host, []);
    await lab.traffic(250, ["AAPL", "MSFT"]);
  });
  afterAll(async () => {
    await gateway.stop();
    await lab.stop();
  });

  test("every span of ten streams is there, and a stream's trace is whole", async () => {
    const source = new GateSource({ reads: "retention", environment: "preprod" }, { region: "us-east-1" });
    const received: SegmentDocument[] = [];
    lab.gateway.answerWith(xray.answers);
    const clock = {
      now: Date.now,
      wait: async () => {
        const spans = lab.collector.spans.map(exported);
        // Lambda's own segment, which no function sends.
        const facades = spans
          .filter(({ name }) => name === "sse_global_stream")
          .map(({ trace_id, parent_id = "" }) => ({
            ...segmentOf("preprod-sentiment-sse", trace_id),
            id: parent_id,
          }));
        received.push(...facades, ...spans);
        xray.receive(received);
      },
    };
    const options = { environment: "preprod", stream: new URL(gateway.url) } as const;
    const findings = await gateRetention(source, options, () => undefined, clock);
    source.close();
    expect(findings).toMatchObject([
      // The stage's own limit is shorter, so that nobody waits here.
      { verdict: "undecided", found: "0 of 10, 10 shorter than 15 s" },
      { verdict: "passed", found: "100 %" },
    ]);
    const traces = recordedTraces(received).Traces.map(readTrace);
    for (const judge of [judgeStructure, judgeAnnotations])
      expect(judge("preprod", traces).find(({ what }) => what.endsWith("-sse"))).toMatchObject({
        verdict: "passed",
      });
  });
});
