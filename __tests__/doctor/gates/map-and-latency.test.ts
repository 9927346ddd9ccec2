import { SERVICE_KEYS } from "../../../contract/services";
import { judgeLatency } from "../../../doctor/gates/latency";
import { judgeMap } from "../../../doctor/gates/service-map";
import { readSummary } from "../../../doctor/xray/summary";
import { runCommand } from "../../support/run-command";
import { document, fileToWrite, recording, segmentOf, traceId } from "./documents";
import { GateLab } from "./live";

const verdicts = (findings: readonly { readonly verdict: string }[]) =>
  findings.map(({ verdict }) => verdict);

describe("DEP-2 the service map", () => {
  const nodes = SERVICE_KEYS.map((service) => ({ Name: `prod-sentiment-${service}` }));

  test.each<[string, readonly { readonly Name: string }[], readonly string[]]>([
    ["all functions, and what they call", [...nodes, { Name: "DynamoDB" }], ["passed", "passed"]],
    [
      "functions by their service names",
      SERVICE_KEYS.map((one) => ({ Name: `sentiment-analyzer-${one}` })),
      ["passed", "passed"],
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
  const side = (offset: number, count: number, seconds: (index: number) => number) =>
    Array.from({ length: count }, (_, index) =>
      readSummary({
        ...EMPTY,
        Id: traceId(),
        StartTime: RELEASED / 1000 + offset * (index + 1),
        ResponseTime: seconds(index),
      }),
    );
  const EMPTY = {
    HasFault: false,
    HasError: false,
    HasThrottle: false,
    IsPartial: false,
    Http: {},
    ServiceIds: [],
    Users: [],
    Annotations: {},
  };
  const judged = (before: ReturnType<typeof side>, after: ReturnType<typeof side>) =>
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

  test("a trace without a time is none", () => {
    const untimed = side(1, 100, () => 0.5).map((one) => ({ ...one, responseTimeS: undefined }));
    expect(
      judged(
        side(-1, 100, () => 0.5),
        untimed,
      )?.verdict,
    ).toBe("undecided");
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
    const empty = recording("empty-map", { Services: [] });
    expect(await runCommand("gate", "service-map", ...onMap, "--recorded", empty)).toMatchObject({ code: 3 });
    const other = recording("other", { Traces: [] });
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

  test("both sides of a release are read, kept and judged again", async () => {
    const name = "prod-sentiment-dashboard";
    lab.xray.behave({ pageSize: 40 });
    lab.xray.receive([
      ...Array.from({ length: 100 }, () => segmentOf(name, traceId(3600), 0.5)),
      ...Array.from({ length: 100 }, () => segmentOf(name, traceId(600), 0.7)),
    ]);
    const kept = fileToWrite("latency.json");
    const args = ["latency", ...onMap, "--service", "dashboard", "--released", released(1800)];
    expect(await lab.gate(...args, "--record", kept)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("700 ms against 500 ms (+40 %)"),
    });
    expect(await runCommand("gate", ...args, "--recorded", kept)).toMatchObject({ code: 1 });
    expect(await lab.gate(...args, "--baseline-minutes", "1")).toMatchObject({ code: 3 });
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
