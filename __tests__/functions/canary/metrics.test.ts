import type { AwsFault } from "../../../lab/runtime/aws-gateway";
import { callsOf, figures, heartbeats, regionOf } from "../../support/canary-figures";
import { BACKUP_REGION, type CanaryLab, HOME_REGION } from "../../support/canary-lab";
import { describeCanary } from "../../support/canary-suite";

const refusal = (code: string, status = 403): AwsFault => ({
  status,
  code,
  message: "User arn:aws:sts::123456789012:assumed-role/x is not allowed",
});

/** Answers the canary's own metrics with a fault; the heartbeat goes through. */
function failMetrics(lab: CanaryLab, fault: AwsFault, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  lab.gateway.failWhen((call) => {
    const own = call.operation === "PutMetricData" && regionOf(call) === HOME_REGION;
    return own && left-- > 0 ? fault : undefined;
  });
}

describeCanary("E1 the canary's look at metrics", (lab) => {
  test("E1 CAN-5 what a run writes the next one finds", async () => {
    await lab().run();
    const second = await lab().run();
    expect(callsOf(second, "GetMetricData")).toHaveLength(1);
    expect(figures(second)["CanaryHealth"]).toBe(1);
    expect(second.calls.map(({ service }) => service)).not.toContain("dynamodb");
  });

  test("E1 CAN-5 runs in quick succession do look at metrics, once there is something old enough to see", async () => {
    const looks: number[] = [];
    for (let run = 0; run < 4; run++) {
      looks.push(callsOf(await lab().run(100_000), "GetMetricData").length);
    }
    // The marker of the first was written at 30 s, is 70 s old in the second, and 170 s in the third.
    expect(looks).toEqual([0, 0, 1, 0]);
  });

  test("E1 CAN-5 a marker of the future is another clock's and is replaced", async () => {
    await lab().putState(JSON.stringify({ marker: { value: 1, at: lab().now + 86_400_000 } }));
    const before = lab().now;
    await lab().run();
    expect(JSON.parse(await lab().state()).marker.at).toBe(before + 30_000);
  });

  test("E1 CAN-5 SC-048 a metric that was accepted and is not there is told of at once", async () => {
    lab().gateway.answerWith((call) => {
      if (call.operation === "PutMetricData") return "{}";
      return lab().xray.answers(call) ?? lab().inspected.answers(call);
    });
    expect((await lab().run()).alerts).toEqual([]);
    const second = await lab().run();
    expect(figures(second)["CanaryHealth"]).toBe(0);
    expect(second.alerts).toEqual([
      expect.stringContaining("accepted is not there: the marker of the run before (metric_missing)"),
    ]);
    expect(second.report.status).toBe("failed");
  });

  test.each(["AccessDenied", "AccessDeniedException", "NotAuthorized", "InvalidClientTokenId"])(
    "E1 CAN-6 SC-035 CloudWatch denied (%s): one attempt, and the backup region knows in the same run",
    async (code) => {
      failMetrics(lab(), refusal(code));
      const ran = await lab().run();
      expect(callsOf(ran, "PutMetricData")).toHaveLength(1);
      expect(ran.alerts).toEqual([expect.stringContaining(`CloudWatch does not take metrics: ${code}`)]);
      expect(ran.report).toMatchObject({ status: "failed", troubles: ["metrics_refused"], alerted: true });
      expect(JSON.parse(await lab().state())).not.toHaveProperty("marker");
      expect(lab().log.lines).toContainEqual(
        expect.objectContaining({ metric_fallback: true, exception_type: code }),
      );
    },
  );

  test.each([
    ["Throttling", 400],
    ["ThrottlingException", 429],
    ["InternalFailure", 500],
    ["ServiceUnavailable", 503],
  ])("E1 CAN-6 %s is tried four times in all, and told of in the second run", async (code, status) => {
    failMetrics(lab(), refusal(code, status));
    const first = await lab().run();
    expect(callsOf(first, "PutMetricData")).toHaveLength(4);
    expect(first.alerts).toEqual([]);
    const { alerts } = await lab().run();
    expect(alerts).toEqual([expect.stringContaining(`CloudWatch does not take metrics: ${code}`)]);
  });

  test("E1 CAN-6 a throttle that turns into a refusal is told in that run, however recently the throttle was", async () => {
    failMetrics(lab(), refusal("Throttling", 400));
    await lab().run();
    expect((await lab().run()).alerts).toEqual([expect.stringContaining("Throttling (metrics_refused)")]);
    failMetrics(lab(), refusal("AccessDenied"));
    expect((await lab().run()).alerts).toEqual([expect.stringContaining("AccessDenied (metrics_refused)")]);
    expect((await lab().run()).alerts).toEqual([]);
  });

  test("E1 CAN-6 a throttle that passes is no trouble", async () => {
    failMetrics(lab(), refusal("Throttling", 400), 3);
    const ran = await lab().run();
    expect(callsOf(ran, "PutMetricData")).toHaveLength(4);
    expect(ran.report).toMatchObject({ status: "healthy", troubles: [] });
  });

  test("E1 CAN-6 data CloudWatch calls invalid are not sent again", async () => {
    failMetrics(lab(), refusal("InvalidParameterValue", 400));
    expect(callsOf(await lab().run(), "PutMetricData")).toHaveLength(1);
  });

  test("E1 all of CloudWatch denied reaches the backup topic; nobody is left to write a heartbeat", async () => {
    lab().gateway.failWhen(({ service }) => (service === "monitoring" ? refusal("AccessDenied") : undefined));
    const first = await lab().run();
    expect(first.alerts).toEqual([expect.stringContaining("metrics_refused")]);
    expect(lab().log.lines).toContainEqual(expect.objectContaining({ canary_heartbeat_failed: true }));
  });

  test("E1 metrics that cannot be read back are told of, at once when that is refused", async () => {
    await lab().run();
    lab().gateway.failWhen(({ operation }) =>
      operation === "GetMetricData" ? refusal("AccessDenied") : undefined,
    );
    const second = await lab().run();
    expect(figures(second)["CanaryHealth"]).toBe(0);
    expect(second.alerts).toEqual([expect.stringContaining("read back: AccessDenied (metrics_unread)")]);
  });

  test("E1 CAN-7 CAN-8 alert and heartbeat refused: both are logged, the run ends, and the alert is tried again", async () => {
    lab().xray.behave({ discarded: () => true });
    lab().gateway.failWhen((call) =>
      regionOf(call) === BACKUP_REGION ? refusal("AccessDenied") : undefined,
    );
    const first = await lab().run();
    expect(first).toMatchObject({ alerts: [], report: { status: "failed", alerted: false } });
    expect(heartbeats(first)).toBe(1);
    const kinds = lab().log.lines.flatMap((line) =>
      Object.keys(line).filter((key) => key.startsWith("canary_")),
    );
    expect(kinds.sort()).toEqual(["canary_alert_failed", "canary_heartbeat_failed"]);
    expect(figures(first)).toMatchObject({ CanaryHealth: 0 });
    expect(JSON.parse(await lab().state()).troubles.traces_lost).toEqual({
      runs: 1,
      told: 0,
      atOnce: false,
      amount: 0,
    });
    lab().gateway.failWhen(() => undefined);
    expect((await lab().run()).alerts).toEqual([expect.stringContaining("traces_lost")]);
  });

  test("E1 CAN-7 an alert says what, when, which run and traces, and no word of AWS's", async () => {
    failMetrics(lab(), refusal("AccessDenied"));
    lab().xray.behave({ discarded: () => true });
    const { alerts, report, calls } = await lab().run();
    expect(alerts).toHaveLength(1);
    const [text = ""] = alerts;
    expect(text).toContain(`Run: ${report.run}\n`);
    expect(text).toMatch(/When: \d{4}-\d\d-\d\dT[\d:.]+Z\n/);
    expect(text.match(/1-[0-9a-f]{8}-[0-9a-f]{24}/g)).toHaveLength(7);
    expect(text).not.toMatch(/assumed-role|123456789012/);
    expect(callsOf({ calls, report, alerts }, "Publish", BACKUP_REGION)).toHaveLength(1);
  });
});
