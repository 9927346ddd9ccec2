import { XRAY_WRITE_ACTIONS } from "../../../contract/access";
import { isPermissionEvent } from "../../../functions/canary/drift-run";
import { backupOf } from "../../../functions/canary/owner";
import { callsOf, figures, figuresByFunction } from "../../support/canary-figures";
import { SILENT_TRACING } from "../../support/canary-lab";
import { describeCanary } from "../../support/canary-suite";

const denied = { status: 400, code: "AccessDeniedException", message: "not for you" };

describeCanary("E1 what surrounds the canary", (lab) => {
  describe("its requests", () => {
    test("E1 CAN-10 it asks the API for a route that reads a table, and for a stream that ends itself", async () => {
      await lab().run();
      expect(lab().world.asked.sort()).toEqual(["/api/v2/stream?max_stream_ms=1000", "/v1/health"]);
    });

    test.each([
      ["gateway", "or its trace lacks a part: gateway (api_trace_incomplete)"],
      ["function", "or its trace lacks a part: function, DynamoDB (api_trace_incomplete)"],
      ["DynamoDB", "a request to the API failed, or its trace lacks a part: DynamoDB (api_trace_incomplete)"],
      [
        "connection_release",
        "a stream failed, or its trace lacks a part: connection_release (stream_trace_incomplete)",
      ],
    ] as const)("E1 CAN-10 traces without %s: the second in a row is told of", async (part, says) => {
      lab().world.lacking = [part];
      const first = await lab().run();
      expect(figures(first)).toMatchObject({ CanarySubsegmentIncomplete: 0, CanaryHealth: 1 });
      const second = await lab().run();
      expect(figures(second)["CanarySubsegmentIncomplete"]).toBe(1);
      expect(second.alerts).toEqual([expect.stringContaining(says)]);
      lab().world.lacking = [];
      expect(figures(await lab().run())["CanarySubsegmentIncomplete"]).toBe(0);
    });

    test("E1 CAN-10 an answer with an error is a failure, and one between two good ones is none", async () => {
      lab().world.status = 503;
      await lab().run();
      lab().world.status = 200;
      await lab().run();
      lab().world.status = 503;
      expect(figures(await lab().run())["CanarySubsegmentIncomplete"]).toBe(0);
      expect((await lab().run()).alerts).toEqual([
        expect.stringContaining("a request to the API failed, or its trace lacks a part: status 503"),
      ]);
    });

    test("E1 CAN-10 a trace with more documents than X-Ray gives out proves nothing", async () => {
      lab().xray.behave({ limitExceeded: () => true });
      expect((await lab().run()).report.troubles).toEqual([
        "api_trace_incomplete",
        "stream_trace_incomplete",
      ]);
    });
  });

  describe("permissions and versions", () => {
    test("E1 IAM-4 SC-118 an event of IAM: the drift is a metric and an alert within one invocation", async () => {
      lab().inspected.missing = { analysis: ["xray:GetSamplingRules", "xray:PutTraceSegments"] };
      const ran = await lab().runForEvent();
      expect(figuresByFunction(ran, "IAMPolicyDrift")).toEqual({
        "dev-sentiment-ingestion": 0,
        "dev-sentiment-analysis": 1,
        "dev-sentiment-metrics": 0,
        "dev-sentiment-dashboard": 0,
        "dev-sentiment-notification": 0,
        "dev-sentiment-sse": 0,
        "dev-sentiment-canary": 0,
      });
      const says = "analysis: xray:PutTraceSegments, xray:GetSamplingRules (permission_drift)";
      expect(ran.alerts).toEqual([expect.stringContaining(says)]);
      expect(JSON.stringify(lab().log.lines)).toContain("analysis: xray:PutTraceSegments");
      // Nothing else was looked at, so nothing else is told.
      expect(figures(ran)).toEqual({});
      expect(new Set(ran.calls.map(({ operation }) => operation))).toEqual(
        new Set(["SimulatePrincipalPolicy", "PutMetricData", "Publish"]),
      );
    });

    test("IAM-4 the scheduled run looks too, and asks for exactly the five actions of each role", async () => {
      lab().inspected.missing = { sse: ["xray:PutTelemetryRecords"] };
      const ran = await lab().run();
      expect(ran.alerts).toEqual([expect.stringContaining("sse: xray:PutTelemetryRecords")]);
      expect(figures(ran)["CanaryHealth"]).toBe(1);
      const asked = callsOf(ran, "SimulatePrincipalPolicy").map(({ input }) => input);
      expect(asked).toHaveLength(7);
      for (const input of asked) {
        expect(input["PolicySourceArn"]).toMatch(/^arn:aws:iam::123456789012:role\/dev-sentiment-\w+$/);
        const actions = Object.entries(input).filter(([key]) => key.startsWith("ActionNames"));
        expect(actions.map(([, action]) => action)).toEqual([...XRAY_WRITE_ACTIONS]);
      }
    });

    test("IAM-4 drift is told again when another function drifts, and not while it stays the same", async () => {
      lab().inspected.missing = { sse: ["xray:PutTelemetryRecords"] };
      expect((await lab().run()).alerts).toHaveLength(1);
      expect((await lab().run()).alerts).toEqual([]);
      lab().inspected.missing = { sse: ["xray:PutTelemetryRecords"], metrics: ["xray:GetSamplingRules"] };
      const says = "metrics: xray:GetSamplingRules; sse: xray:PutTelemetryRecords (permission_drift)";
      expect((await lab().run()).alerts).toEqual([expect.stringContaining(says)]);
      expect((await lab().run()).alerts).toEqual([]);
    });

    test("IAM-4 a role that cannot be asked about is unknown, not in order", async () => {
      lab().gateway.failWhen(({ operation, input }) =>
        operation === "SimulatePrincipalPolicy" && String(input["PolicySourceArn"]).endsWith("-sse")
          ? { status: 404, code: "NoSuchEntity", message: "gone" }
          : undefined,
      );
      const first = await lab().run();
      expect(Object.keys(figuresByFunction(first, "IAMPolicyDrift"))).toHaveLength(6);
      expect(first.report.troubles).toEqual(["inspection_failed"]);
      expect((await lab().run()).alerts).toEqual([expect.stringContaining("role of sse: NoSuchEntity")]);
    });

    test.each([
      [{ source: "aws.iam", "detail-type": "AWS API Call via CloudTrail" }, true],
      [{ source: "aws.events" }, false],
      [null, false],
      ["aws.iam", false],
    ])("IAM-4 %j is a permission event: %s", (event, is) => {
      expect(isPermissionEvent(event)).toBe(is);
    });

    test.each([
      [{}, 0],
      [{ sse: "def5678" }, 1],
      [{ sse: "def5678", metrics: "" }, 2],
    ])("E1 DEP-5 SC-129 mixed versions %j: %i too many", async (version, skew) => {
      lab().inspected.version = version;
      const ran = await lab().run();
      expect(figures(ran)).toMatchObject({ DeploymentVersionSkew: skew, CanaryHealth: 1 });
      expect(ran.alerts).toEqual([]);
      const named = lab().log.lines.filter(({ versions }) => versions !== undefined);
      expect(named).toHaveLength(skew === 0 ? 0 : 1);
    });

    test("DEP-5 versions that cannot be read are unknown, not one", async () => {
      lab().gateway.failWhen(({ operation }) => (operation === "ListTags" ? denied : undefined));
      const ran = await lab().run();
      expect(figures(ran)).not.toHaveProperty("DeploymentVersionSkew");
      expect(ran.report.troubles).toEqual(["inspection_failed"]);
    });
  });

  describe("its tracer", () => {
    test("E1 CAN-9 SC-095 SC-096 a tracer that does not start is logged and counted, and tried again each run", async () => {
      let attempts = 0;
      lab().cool(async () => {
        attempts += 1;
        if (attempts < 3) throw new TypeError("no daemon address");
        return SILENT_TRACING;
      });
      const first = await lab().run();
      expect(first.report).toMatchObject({ status: "healthy", troubles: [] });
      expect(lab().log.lines).toContainEqual(
        expect.objectContaining({
          canary_init_failed: true,
          component: "tracer",
          error: "TypeError: no daemon address",
        }),
      );
      expect(lab().log.lines.some((line) => "canary_reinit_attempt" in line)).toBe(false);
      const [second, third, fourth] = [await lab().run(), await lab().run(), await lab().run()];
      expect([first, second, third, fourth].map((ran) => figures(ran)["CanaryInitFailure"])).toEqual([
        1, 1, 0, 0,
      ]);
      const tries = lab().log.lines.map((line) => line["canary_reinit_attempt"]);
      expect(tries.filter((one) => one !== undefined)).toEqual([1, 2]);
    });
  });
});

test.each(["arn:aws:sns:eu-central-1::topic", "arn:aws:sqs:eu-central-1:123456789012:x", "topic"])(
  "CAN-7 %s is no topic, which is said without repeating it",
  (arn) => {
    expect(() => backupOf(arn)).toThrow(
      /^canary cannot start: ALERT_TOPIC_ARN is not the ARN of an SNS topic/,
    );
  },
);
