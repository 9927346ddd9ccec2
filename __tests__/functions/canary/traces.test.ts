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

  test.each([
    [1, 0.2],
    [2, 0.4],
  ])("E1 CAN-4 SC-014 %i of 5 lost is a loss of %f, told when it goes on", async (count, ratio) => {
    lab().xray.behave({ discarded: firstOf(count) });
    const first = await lab().run();
    const loss = { CanaryHealth: 0, trace_data_loss: count, trace_data_loss_ratio: ratio };
    expect(figures(first)).toEqual({ ...WELL, ...loss, "canary.trace.completeness_ratio": 1 - ratio });
    expect(first).toMatchObject({ report: { status: "failed" }, alerts: [] });
    const second = await lab().run();
    expect(second.alerts).toEqual([expect.stringContaining(`never found: ${count} of 5 (traces_lost)`)]);
    expect(second.alerts[0]).toMatch(
      /^\[dev\] Canary: test traces were sent and never found \(and 1 more\)\n/,
    );
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

  test("E1 CAN-13 traces that are indexed and cannot be read point at Transaction Search", async () => {
    lab().xray.behave({ unreadable: () => true });
    await lab().run();
    const { report, alerts } = await lab().run();
    expect(report).toMatchObject({ status: "degraded", troubles: ["traces_unreadable"] });
    expect(alerts[0]).toContain("Transaction Search may be switched on: 5 of 5 (traces_unreadable)");
  });

  test("E1 R-32 without time for both looks the last one comes early, and the run ends in time", async () => {
    lab().timeoutMs = 55_000;
    const startedAt = lab().now;
    const ran = await lab().run();
    expect(figures(ran)["CanaryHealth"]).toBe(1);
    const [look] = callsOf(ran, "GetTraceSummaries");
    expect(Number(look?.input["EndTime"])).toBeCloseTo(startedAt / 1000 + 5, 0);
  });
});
