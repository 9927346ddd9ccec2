import { SERVICE_KEYS } from "../../../contract/services";
import { GateSource } from "../../../doctor/gates/gate-source";
import { judgeLatency, runsOf, type TimedRun } from "../../../doctor/gates/latency";
import { gateLatency } from "../../../doctor/gates/map-and-latency-commands";
import { judgeMap } from "../../../doctor/gates/service-map";
import { readTrace } from "../../../doctor/xray/trace";
import type { SegmentDocument } from "../../../lab/runtime/xray-daemon";
import { runCommand } from "../../support/run-command";
import { about, document, fileToWrite, recordedTraces, recording, segmentOf, traceId } from "./documents";
import { GateLab } from "./live";

const verdicts = (findings: readonly { readonly verdict: string }[]) =>
  findings.map(({ verdict }) => verdict);

describe("DEP-2 the service map", () => {
  const nodes = SERVICE_KEYS.map((service) => ({ Name: `prod-sentiment-${service}` }));

  test.each<[string, readonly { readonly Name: string }[], readonly string[]]>([
    ["all functions, and what they call", [...nodes, { Name: "DynamoDB" }], ["passed", "passed"]],
    [
      "service names, which every environment shares",
      SERVICE_KEYS.map((one) => ({ Name: `sentiment-analyzer-${one}` })),
      ["failed", "passed"],
    ],
    [
      "another environment's functions",
      SERVICE_KEYS.map((one) => ({ Name: `dev-sentiment-${one}` })),
      ["failed", "passed"],
    ],
    ["a function missing", nodes.slice(1), ["failed", "passed"]],
    ["a service nobody named", [...nodes, { Name: "unknown_service:node" }], ["passed", "failed"]],
    ["Powertools without a name", [...nodes, { Name: "service_undefined" }], ["passed", "failed"]],
    ["nothing", [], ["undecided", "undecided"]],
  ])("%s", (_, found, expected) => {
    expect(verdicts(judgeMap("prod", found))).toEqual(expected);
  });

  test("the missing ones are named", () => {
    expect(judgeMap("prod", nodes.slice(1))[0]?.found).toBe("not prod-sentiment-ingestion");
  });
});

describe("DEP-2 latency", () => {
  const RELEASED = Date.parse("2026-11-21T10:00:00Z");
  const side = (offset: number, count: number, seconds: (index: number) => number): readonly TimedRun[] =>
    Array.from({ length: count }, (_, index) => ({
      startMs: RELEASED + offset * 1000 * (index + 1),
      seconds: seconds(index),
    }));
  const judged = (before: readonly TimedRun[], after: readonly TimedRun[]) =>
    judgeLatency("dashboard", [...before, ...after], RELEASED)[0];

  test.each<[string, number, number, number, string]>([
    ["as before", 100, 100, 0.5, "passed"],
    ["a fifth slower", 100, 100, 0.6, "passed"],
    ["more than a fifth slower", 100, 100, 0.601, "failed"],
    ["99 traces before", 99, 100, 0.5, "undecided"],
    ["99 traces after", 100, 99, 0.5, "undecided"],
  ])("%s", (_, before, after, seconds, verdict) => {
    const found = judged(
      side(-1, before, () => 0.5),
      side(1, after, () => seconds),
    );
    expect(found?.verdict).toBe(verdict);
  });

  test("the 99th percentile counts: one slow trace in a hundred does not, two do", () => {
    const before = side(-1, 100, () => 0.5);
    expect(
      judged(
        before,
        side(1, 100, (index) => (index < 1 ? 9 : 0.5)),
      )?.verdict,
    ).toBe("passed");
    expect(
      judged(
        before,
        side(1, 100, (index) => (index < 2 ? 9 : 0.5)),
      )?.found,
    ).toBe("9000 ms against 500 ms (+1700 %)");
  });

  describe("the time of a function", () => {
    const name = "prod-sentiment-analysis";
    const runs = (documents: readonly SegmentDocument[]) =>
      runsOf(name, recordedTraces(documents).Traces.map(readTrace)).map(({ seconds }) => Math.round(seconds));

    test("is its own segment's, whoever began the trace", () => {
      const root = segmentOf("prod-sentiment-ingestion", traceId(), 50);
      const service = { ...segmentOf(name, root.trace_id, 40), parent_id: root.id, origin: "AWS::Lambda" };
      const own = { ...segmentOf(name, root.trace_id, 7), parent_id: service.id };
      expect(runs([root, service, own])).toEqual([7]);
      expect(runs([root])).toEqual([]);
    });

    test("is the longest of several runs, and none while it runs", () => {
      const id = traceId();
      expect(runs([segmentOf(name, id, 2), segmentOf(name, id, 3), segmentOf(name, id, 1)])).toEqual([3]);
      const { end_time: _, ...running } = segmentOf(name);
      expect(runs([running])).toEqual([]);
    });
  });
});

describe("E5 DEP-2 service map and latency as commands", () => {
  let lab: GateLab;
  beforeAll(async () => {
    lab = await GateLab.start();
  });
  afterEach(() => lab.reset());
  afterAll(() => lab.stop());

  const onMap = ["--environment", "prod"];
  const released = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString();

  test("the map is read, judged, kept and judged again", async () => {
    lab.xray.receive(SERVICE_KEYS.map((service) => segmentOf(`prod-sentiment-${service}`)));
    const kept = fileToWrite("map.json");
    expect(await lab.gate("service-map", ...onMap, "--record", kept)).toMatchObject({ code: 0 });
    expect(await runCommand("gate", "service-map", ...onMap, "--recorded", kept)).toMatchObject({ code: 0 });
    lab.xray.receive([document(traceId(), "unknown_service:node")]);
    expect(await lab.gate("service-map", ...onMap)).toMatchObject({ code: 1 });
  });

  test("an empty map decides nothing, live and recorded", async () => {
    expect(await lab.gate("service-map", ...onMap)).toMatchObject({ code: 3 });
    const empty = recording("empty-map", { ...about("service-map", "prod"), Services: [] });
    expect(await runCommand("gate", "service-map", ...onMap, "--recorded", empty)).toMatchObject({ code: 3 });
    const other = recording("other", { ...about("service-map", "prod"), Traces: [] });
    expect(await runCommand("gate", "service-map", ...onMap, "--recorded", other)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Services"),
    });
  });

  test.each([
    [403, "AccessDeniedException", "xray:GetServiceGraph"],
    [429, "ThrottledException", "wait a minute"],
  ])("%d %s: exit 2 and what to do", async (status, code, words) => {
    lab.refuse(status, code);
    expect(await lab.gate("service-map", ...onMap)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(words),
    });
  });

  test("a map from before the release does not count", async () => {
    lab.xray.receive(SERVICE_KEYS.map((service) => segmentOf(`prod-sentiment-${service}`, traceId(1800))));
    expect(await lab.gate("service-map", ...onMap)).toMatchObject({ code: 0 });
    expect(await lab.gate("service-map", ...onMap, "--released", released(900))).toMatchObject({ code: 3 });
  });

  test("both sides of a release are read, kept and judged again", async () => {
    const name = "prod-sentiment-dashboard";
    lab.xray.behave({ pageSize: 40 });
    lab.xray.receive([
      ...Array.from({ length: 100 }, () => segmentOf(name, traceId(3600), 0.5)),
      ...Array.from({ length: 100 }, () => segmentOf(name, traceId(600), 0.7)),
    ]);
    const record = fileToWrite("latency.json");
    const at = released(1800);
    const asked = { reads: "latency", environment: "prod", service: "dashboard", released: at };
    const source = new GateSource(asked, { record, clock: { now: Date.now, wait: async () => undefined } });
    const options = { environment: "prod", service: "dashboard", baselineMinutes: 1440 } as const;
    const findings = await gateLatency(source, { ...options, released: Date.parse(at) }, () => undefined);
    source.keep();
    source.close();
    expect(findings).toMatchObject([{ verdict: "failed", found: "700 ms against 500 ms (+40 %)" }]);
    const args = ["latency", ...onMap, "--service", "dashboard", "--released", at];
    const kept = ["--recorded", record];
    expect(await runCommand("gate", ...args, ...kept)).toMatchObject({ code: 1 });
    expect(await runCommand("gate", ...args, "--baseline-minutes", "1", ...kept)).toMatchObject({
      code: 3,
    });
    for (const [place, other] of [
      [2, "dev"],
      [4, "metrics"],
      [6, released(1700)],
    ] as const)
      expect(await runCommand("gate", ...args.with(place, other), ...kept)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("latency of prod dashboard since"),
      });
    expect(await runCommand("gate", "service-map", ...onMap, ...kept)).toMatchObject({ code: 2 });
  });

  test("streams and other words are refused", async () => {
    for (const [service, words] of [
      ["sse", "a stream takes as long as its reader stays"],
      ["billing", "expected one of ingestion"],
    ] as const)
      expect(
        await runCommand("gate", "latency", ...onMap, "--service", service, "--released", released(1)),
      ).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
    expect(
      await runCommand("gate", "latency", ...onMap, "--service", "dashboard", "--released", "noon"),
    ).toMatchObject({
      code: 2,
    });
  });
});
