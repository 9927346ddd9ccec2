import type { SegmentDocument } from "../../../lab/runtime/xray-daemon";
import { callsOf, figures, heartbeats } from "../../support/canary-figures";
import { describeCanary } from "../../support/canary-suite";

const failed = { status: 500, code: "InternalFailure", message: "out of order for the test" };
const denied = { status: 403, code: "AccessDeniedException", message: "role arn:aws:iam::1:role/x may not" };

/** What a healthy run tells. */
const WELL = {
  CanaryHealth: 1,
  CanaryMarker: expect.any(Number),
  CanaryInitFailure: 0,
  CanarySubsegmentIncomplete: 0,
  DeploymentVersionSkew: 0,
  UnprocessedTraceSegments: 0,
  "canary.trace.completeness_ratio": 1,
  "canary.trace.partial": 0,
  trace_data_loss: 0,
  trace_data_loss_ratio: 0,
};

/** Picks the first so many test documents of each run. */
function firstOf(count: number): (document: SegmentDocument) => boolean {
  const seen = new Map<unknown, number>();
  return ({ annotations }) => {
    const run = annotations?.["canary_run"];
    if (run === undefined) return false;
    const nth = (seen.get(run) ?? 0) + 1;
    seen.set(run, nth);
    return nth <= count;
  };
}

describeCanary("E1 the canary's look at traces", (lab) => {
  test("E1 CAN-1 CAN-2 all found at 30 s: healthy, nobody is told, and the next run knows", async () => {
    const before = lab().now;
    const ran = await lab().run();
    expect(figures(ran)).toEqual(WELL);
    expect(ran).toMatchObject({ report: { status: "healthy", alerted: false }, alerts: [] });
    expect(heartbeats(ran)).toBe(1);
    expect(callsOf(ran, "GetTraceSummaries")).toHaveLength(1);
    const state = JSON.parse(await lab().state());
    expect(state).toEqual({
      window: [{ at: Math.floor(before / 1000), judged: 5, complete: 5 }],
      marker: { value: figures(ran)["CanaryMarker"], at: before + 30_000 },
      troubles: {},
    });
  });

  test("E1 CAN-1 CAN-13 the segments are raw, whole, marked as synthetic, and looked for without sampling", async () => {
    const ran = await lab().run();
    const documents = callsOf(ran, "PutTraceSegments")
      .flatMap(({ input }) => input["TraceSegmentDocuments"] as string[])
      .map((text) => JSON.parse(text));
    expect(documents).toHaveLength(5);
    expect(new Set(documents.map(({ trace_id }) => trace_id)).size).toBe(5);
    for (const document of documents) {
      expect(document).toMatchObject({
        trace_id: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        name: "sentiment-analyzer-canary",
        annotations: { synthetic: true, canary_run: ran.report.run },
      });
    }
    expect(callsOf(ran, "GetTraceSummaries")[0]?.input).toMatchObject({
      Sampling: false,
      FilterExpression: `annotation.synthetic = true AND annotation.canary_run = "${ran.report.run}"`,
    });
  });

  test("E1 CAN-2 found only at 60 s is found", async () => {
    lab().xray.behave({ indexedAfterMs: 45_000 });
    const ran = await lab().run();
    expect(figures(ran)).toEqual(WELL);
    expect(callsOf(ran, "GetTraceSummaries")).toHaveLength(2);
    expect(ran.alerts).toEqual([]);
  });

  test("E1 CAN-3 partial after the last look: degraded, neither success nor failure", async () => {
    let partial = "";
    lab().xray.behave({
      partial: (id) => {
        partial ||= id;
        return id === partial;
      },
    });
    const first = await lab().run();
    expect(first.report.status).toBe("degraded");
    expect(figures(first)).toEqual({ ...WELL, CanaryHealth: 0, "canary.trace.partial": 1 });
    expect(JSON.parse(await lab().state()).window).toMatchObject([{ judged: 4, complete: 4 }]);
    expect(first.alerts).toEqual([]);
    partial = "";
    const second = await lab().run();
    expect(second.alerts[0]).toContain("test traces stay partial: 1 of 5 (traces_partial)");
    expect(second.alerts[0]).toContain(`Traces: ${partial}`);
  });

  test("E1 CAN-4 SC-014 2 of 5 lost is a loss of 0.4, told when it goes on", async () => {
    lab().xray.behave({ discarded: firstOf(2) });
    const first = await lab().run();
    const loss = { CanaryHealth: 0, trace_data_loss: 2, trace_data_loss_ratio: 0.4 };
    expect(figures(first)).toEqual({ ...WELL, ...loss, "canary.trace.completeness_ratio": 0.6 });
    expect(first).toMatchObject({ report: { status: "failed" }, alerts: [] });
    const second = await lab().run();
    expect(second.alerts).toEqual([expect.stringContaining("never found: 2 of 5 (traces_lost)")]);
    expect(second.alerts[0]).toMatch(/^\[dev\] Canary: test traces were sent and never found\n/);
  });

  test("E1 CAN-4 SC-014 1 of 5 lost, twice: figures and a line in the log, and nobody is told", async () => {
    lab().xray.behave({ discarded: firstOf(1) });
    const first = await lab().run();
    const loss = { trace_data_loss: 1, trace_data_loss_ratio: 0.2 };
    expect(figures(first)).toEqual({ ...WELL, ...loss, "canary.trace.completeness_ratio": 0.8 });
    const second = await lab().run();
    expect(figures(second)).toMatchObject({ CanaryHealth: 1, trace_data_loss: 1 });
    for (const { alerts, report } of [first, second]) {
      expect({ alerts, ...report }).toMatchObject({ alerts: [], status: "healthy", troubles: [] });
    }
    const lines = lab().log.lines.filter(({ message }) => message === "test traces are lost");
    expect(lines.map(({ traces }) => traces)).toEqual([[expect.any(String)], [expect.any(String)]]);
  });

  test("E1 CAN-4 FR-113 one lost in every run is told by the hour, once half of it is known", async () => {
    lab().xray.behave({ discarded: firstOf(1) });
    const health: unknown[] = [];
    const told: number[] = [];
    for (let run = 1; run <= 7; run++) {
      const ran = await lab().run();
      health.push(figures(ran)["CanaryHealth"]);
      if (ran.alerts.some((text) => text.includes("arrived: 0.800 (completeness_low)"))) told.push(run);
    }
    expect(health).toEqual([1, 1, 1, 1, 1, 0, 0]);
    expect(told).toEqual([7]);
  });

  test("E1 CAN-3 CAN-4 a loss is not told again every five minutes, but at once when it grows", async () => {
    lab().xray.behave({ discarded: firstOf(2) });
    await lab().run();
    expect((await lab().run()).alerts).toEqual([expect.stringContaining("2 of 5 (traces_lost)")]);
    expect((await lab().run()).alerts).toEqual([]);
    lab().xray.behave({ discarded: firstOf(4) });
    expect((await lab().run()).alerts).toEqual([expect.stringContaining("4 of 5 (traces_lost)")]);
    lab().xray.behave({ discarded: firstOf(3) });
    expect((await lab().run()).alerts.filter((text) => text.includes("traces_lost"))).toEqual([]);
    lab().xray.behave({ discarded: firstOf(4) });
    expect((await lab().run()).alerts.filter((text) => text.includes("traces_lost"))).toEqual([]);
  });

  test("E1 CAN-4 R-04 a plane that can no longer be seen has no completeness, whatever the hour before was", async () => {
    for (let run = 0; run < 12; run++) await lab().run();
    lab().gateway.failWhen(({ operation }) => (operation === "GetTraceSummaries" ? denied : undefined));
    const blind = await lab().run();
    expect(figures(blind)).toMatchObject({ CanaryHealth: 0 });
    expect(figures(blind)).not.toHaveProperty(["canary.trace.completeness_ratio"]);
    lab().gateway.failWhen(() => undefined);
    lab().xray.behave({ partial: () => true });
    expect(figures(await lab().run())).not.toHaveProperty(["canary.trace.completeness_ratio"]);
  });

  test("E1 CAN-2 an index that is dead is no health, though every trace can be read by its id", async () => {
    lab().xray.behave({ summarizedAfterMs: 3_600_000 });
    const first = await lab().run();
    expect(first.report).toMatchObject({ status: "degraded", troubles: ["traces_unindexed"] });
    expect(figures(first)).toMatchObject({ CanaryHealth: 0, trace_data_loss: 0 });
    expect(figures(first)).not.toHaveProperty(["canary.trace.completeness_ratio"]);
    expect(callsOf(first, "GetTraceSummaries")).toHaveLength(2);
    const { alerts } = await lab().run();
    expect(alerts).toEqual([expect.stringContaining("no search finds them: 5 of 5 (traces_unindexed)")]);
  });

  test("E1 CAN-2 an index that is merely slower than 30 s is in order", async () => {
    lab().xray.behave({ summarizedAfterMs: 45_000 });
    expect(figures(await lab().run())).toEqual(WELL);
  });

  test("E1 CAN-2 CAN-10 when the last look fails, the one before it proves nothing", async () => {
    lab().xray.behave({ indexedAfterMs: 45_000, partial: () => true });
    let looks = 0;
    lab().gateway.failWhen(({ operation }) =>
      operation === "GetTraceSummaries" && ++looks > 1 ? denied : undefined,
    );
    expect((await lab().run()).report.troubles).toEqual(["traces_unread"]);
    lab().xray.behave({ partial: () => true });
    looks = 0;
    const second = await lab().run();
    expect(second.report.troubles).toEqual(["traces_unread"]);
  });

  test("E1 CAN-4 SC-063 R-33 three losses of sixty still are an hour in order, four are not", async () => {
    const ratios: number[] = [];
    for (let run = 0; run < 13; run++) {
      lab().xray.behave({ discarded: firstOf(run === 0 || run === 6 ? 2 : 0) });
      ratios.push(figures(await lab().run())["canary.trace.completeness_ratio"] ?? 0);
    }
    // The twelfth run sees the whole hour, 56 of 60; the thirteenth no longer sees the first, 58 of 60.
    expect(ratios[11]).toBeCloseTo(56 / 60);
    expect(ratios[12]).toBeCloseTo(58 / 60);
  });

  test("E1 an X-Ray that answers 200 and discards everything is told of in the first run", async () => {
    lab().xray.behave({ discarded: () => true });
    const ran = await lab().run();
    expect(figures(ran)).toMatchObject({ CanaryHealth: 0, trace_data_loss: 5, trace_data_loss_ratio: 1 });
    expect(ran.alerts).toEqual([expect.stringContaining("never found: 5 of 5")]);
  });

  test("E1 CAN-1 SMP-6 segments that come back as unprocessed are counted, and lost", async () => {
    lab().xray.behave({ unprocessed: firstOf(2) });
    const ran = await lab().run();
    expect(figures(ran)).toMatchObject({ UnprocessedTraceSegments: 2, trace_data_loss: 2, CanaryHealth: 0 });
    const { alerts } = await lab().run();
    expect(alerts[0]).toContain("segments unprocessed: 2 of 5 (ThrottledException)");
  });

  test("E1 X-Ray denied reaches the backup region in the first run, and not every five minutes again", async () => {
    lab().gateway.failWhen(({ service }) => (service === "xray" ? denied : undefined));
    const first = await lab().run();
    expect(figures(first)).toMatchObject({ CanaryHealth: 0, trace_data_loss: 5, trace_data_loss_ratio: 1 });
    expect(first.alerts).toEqual([expect.stringContaining("take test segments: AccessDeniedException")]);
    expect(callsOf(first, "PutTraceSegments")).toHaveLength(1);
    const told: number[] = [];
    for (let run = 2; run <= 14; run++) {
      if ((await lab().run()).alerts.some((text) => text.includes("segments_refused"))) told.push(run);
    }
    expect(told).toEqual([13]);
  });

  test("E1 X-Ray 500: nobody knows what was lost, so no loss is told, and the second run tells of it", async () => {
    lab().gateway.failWhen(({ operation }) =>
      operation === "GetTraceSummaries" || operation === "BatchGetTraces" ? failed : undefined,
    );
    const first = await lab().run();
    expect(first.report).toMatchObject({ status: "failed", troubles: ["traces_unread"] });
    expect(figures(first)).toEqual({
      CanaryHealth: 0,
      CanaryMarker: expect.any(Number),
      CanaryInitFailure: 0,
      CanarySubsegmentIncomplete: 0,
      DeploymentVersionSkew: 0,
      UnprocessedTraceSegments: 0,
    });
    expect(JSON.parse(await lab().state()).window).toEqual([]);
    const second = await lab().run();
    expect(second.alerts).toEqual([expect.stringContaining("traces cannot be looked up: InternalFailure")]);
  });

  test("E1 CAN-13 traces that are indexed and cannot be read are told apart from lost ones", async () => {
    lab().xray.behave({ unreadable: () => true });
    await lab().run();
    const { report, alerts } = await lab().run();
    expect(report).toMatchObject({ status: "degraded", troubles: ["traces_unreadable"] });
    expect(alerts[0]).toContain("indexed but cannot be read: 5 of 5 (traces_unreadable)");
  });

  test.each([
    ["discarded", "failed", "traces_lost"],
    ["unreadable", "degraded", "traces_unreadable"],
  ] as const)("E1 CAN-13 Transaction Search, traces %s: told in the first run", async (how, status, kind) => {
    lab().xray.behave({ [how]: () => true, destination: "CloudWatchLogs" });
    const { report, alerts, ...rest } = await lab().run();
    expect(report).toMatchObject({
      status,
      troubles: expect.arrayContaining(["transaction_search", kind]),
    });
    expect(alerts).toEqual([
      expect.stringContaining("Transaction Search is switched on: CloudWatchLogs (transaction_search)"),
    ]);
    expect(callsOf({ report, alerts, ...rest }, "GetTraceSegmentDestination")).toHaveLength(1);
  });

  test("E1 CAN-13 nobody asks where traces go while none is missed, and a refused question hides no loss", async () => {
    lab().xray.behave({ destination: "CloudWatchLogs" });
    expect(callsOf(await lab().run(), "GetTraceSegmentDestination")).toEqual([]);
    lab().xray.behave({ discarded: ({ annotations }) => annotations !== undefined });
    lab().gateway.failWhen(({ operation }) =>
      operation === "GetTraceSegmentDestination" ? denied : undefined,
    );
    expect((await lab().run()).report.troubles).toEqual(["traces_lost"]);
  });

  test("E1 R-32 without time for both looks the last one comes early, and the run ends in time", async () => {
    lab().timeoutMs = 55_000;
    const startedAt = lab().now;
    const ran = await lab().run();
    expect(figures(ran)["CanaryHealth"]).toBe(1);
    const [look] = callsOf(ran, "GetTraceSummaries");
    expect(Number(look?.input["EndTime"])).toBeCloseTo(startedAt / 1000 + 3, 0);
  });
});
