import { chain } from "../../../doctor/probes/chain";
import { sampling } from "../../../doctor/probes/sampling";
import { serviceName } from "../../../doctor/probes/service-name";
import { SEGMENT_NAME, testSegmentProbe } from "../../../doctor/probes/test-segment";
import { XRayDaemon } from "../../../lab/runtime/xray-daemon";
import { describeWith } from "../../support/tools";
import { AwsLab } from "./aws-lab";
import { lookOnce, settings, told } from "./looking";
import { REQUEST, segment, TRACE } from "./trace-documents";

const AT = { region: "eu-west-1" };
describeWith(["moto"], "DOC-3 E2 in AWS", () => {
  let lab: AwsLab;
  beforeAll(async () => {
    lab = await AwsLab.start();
  });
  afterAll(() => lab.stop());
  beforeEach(() => lab.reset());

  const throttled = () =>
    lab.gateway.failWhen(({ service }) =>
      service === "xray" ? { status: 429, code: "ThrottledException", message: "Rate exceeded" } : undefined,
    );

  test("a trace is read from X-Ray by its id", async () => {
    expect(await lookOnce(chain, { ...AT, trace: TRACE })).toMatchObject(
      told("undecided", "no trace", "wait a minute"),
    );
    lab.xray.receive([segment("orders", "a", REQUEST)]);
    expect(await lookOnce(chain, { ...AT, trace: TRACE })).toMatchObject({ verdict: "pass" });
  });

  test("a service is found in the graph, by its name or by its function's", async () => {
    lab.xray.receive([segment("orders", "a", REQUEST)]);
    expect(await lookOnce(serviceName, { ...AT, services: ["orders"] })).toMatchObject({ verdict: "pass" });
    await lab.makeFunction("checkout", "Active", { POWERTOOLS_SERVICE_NAME: "orders" });
    expect(await lookOnce(serviceName, { ...AT, functions: ["checkout"] })).toMatchObject({
      verdict: "pass",
      about: "orders",
    });
  });

  test("a service that is missing, unnamed, or alone with an empty graph", async () => {
    expect(await lookOnce(serviceName, { ...AT, services: ["orders"] })).toMatchObject(
      told("fail", "an empty graph", "follow the other probes"),
    );
    lab.xray.receive([segment("unknown_service:node", "a")]);
    expect(await lookOnce(serviceName, { ...AT, services: ["orders"] })).toMatchObject(
      told("fail", "unknown_service:node", "service.name"),
    );
    lab.xray.reset();
    lab.xray.receive([segment("payments", "a")]);
    expect(await lookOnce(serviceName, { ...AT, services: ["orders"] })).toMatchObject(
      told("fail", "payments", "POWERTOOLS_SERVICE_NAME"),
    );
    await lab.makeFunction("nameless", "Active", {});
    expect(await lookOnce(serviceName, { ...AT, functions: ["nameless"] })).toMatchObject(
      told("undecided", "no variable", "--service NAME"),
    );
    throttled();
    expect(await lookOnce(serviceName, { ...AT, services: ["orders"] })).toMatchObject(
      told("undecided", "ThrottledException", "wait a minute"),
    );
  });

  describe("the sampling of a request", () => {
    const request = { method: "GET", url: new URL("https://api.example.com/orders?token=s3cret") };
    const rule = (changes: object) => ({
      ...{
        RuleName: "orders",
        Priority: 10,
        FixedRate: 0.1,
        ReservoirSize: 2,
        ServiceName: "*",
        ServiceType: "*",
      },
      ...{ Host: "api.example.com", HTTPMethod: "*", URLPath: "*", ResourceARN: "*", Version: 1, ...changes },
    });
    const underRule = (changes: object, given: object = { services: ["orders"] }) => {
      lab.xray.behave({ samplingRules: [rule(changes)] });
      return lookOnce(sampling, { ...AT, request, ...given });
    };

    test("by a rule is told with its figures", async () => {
      const finding = await underRule({});
      expect(finding).toMatchObject({
        verdict: "pass",
        found: "orders (priority 10): 2 a second, then 10 %; of 100 requests a second 11.8 traced",
      });
      expect(JSON.stringify(finding)).not.toContain("s3cret");
    });

    test("by the account's default alone", async () => {
      expect(await lookOnce(sampling, { ...AT, request, services: ["orders"] })).toMatchObject({
        verdict: "pass",
        found: expect.stringContaining("1 a second, then 5 %"),
      });
    });

    test("that traces nothing, or everything", async () => {
      expect(await underRule({ FixedRate: 0, ReservoirSize: 0 })).toMatchObject(
        told("fail", "then 0 %", "ever traced"),
      );
      expect(await underRule({ FixedRate: 1 })).toMatchObject(
        told("warn", "then 100 %", "billed by the million"),
      );
    });

    test("of a function is a wish, and says so", async () => {
      await lab.makeFunction("wish", "Active", {});
      const finding = await underRule({ Host: "*" }, { functions: ["wish"] });
      expect(finding.found).toContain("a wish until they have been tried");
    });

    test("that is described too little, or may not be asked", async () => {
      expect(await underRule({ ServiceName: "orders" }, {})).toMatchObject(
        told("undecided", "asks for the service name", "sampling simulate"),
      );
      lab.gateway.failWhen(({ operation }) =>
        operation === "GetSamplingRules"
          ? { status: 403, code: "AccessDeniedException", message: "no" }
          : undefined,
      );
      expect(await underRule({})).toMatchObject(
        told("undecided", "AccessDenied", "allow xray:GetSamplingRules"),
      );
    });
  });

  describe("a test segment", () => {
    const sleep = async () => undefined;
    const send = (given: object = {}) =>
      lookOnce(testSegmentProbe, { ...AT, sendTestSegment: true, ...given }, { sleep });

    test("that is asked for goes to X-Ray and is found", async () => {
      expect(testSegmentProbe.missing(settings())).toContain("--send-test-segment, which writes");
      expect(await send()).toMatchObject({ verdict: "pass" });
      expect(lab.xray.traces).toMatchObject([
        { documents: [{ name: SEGMENT_NAME, annotations: { synthetic: true } }] },
      ]);
    });

    test("goes by a daemon when there is one", async () => {
      const daemon = await XRayDaemon.start();
      const handOn = async () => lab.xray.receive(await daemon.settled());
      const finding = await lookOnce(
        testSegmentProbe,
        { ...AT, sendTestSegment: true, daemon: daemon.address },
        { sleep: handOn },
      );
      expect(finding).toMatchObject({ verdict: "pass", evidence: expect.stringContaining(daemon.address) });
      await daemon.stop();
      expect(lab.gateway.calls.map(({ operation }) => operation)).not.toContain("PutTraceSegments");
    });

    test("that is sent and never found, by X-Ray or by a daemon", async () => {
      lab.xray.behave({ discarded: () => true });
      expect(await send()).toMatchObject(
        told("fail", "sent, not found within 30 s: 1-", "Transaction Search"),
      );
      const daemon = await XRayDaemon.start();
      expect(await send({ daemon: daemon.address })).toMatchObject(
        told("fail", "sent, not found", "--daemon-log"),
      );
      await daemon.stop();
    });

    test("that X-Ray refuses, in part or at all", async () => {
      lab.xray.behave({ unprocessed: () => true });
      expect(await send()).toMatchObject(told("fail", "refused: ThrottledException", "clock"));
      lab.gateway.failWhen(() => ({
        status: 403,
        code: "AccessDeniedException",
        message: "not authorized to perform: xray:PutTraceSegments",
      }));
      expect(await send()).toMatchObject(told("fail", "not sent", "allow xray:PutTraceSegments"));
    });

    test("that may be sent and not looked up", async () => {
      lab.gateway.failWhen(({ operation }) =>
        operation === "BatchGetTraces"
          ? { status: 403, code: "AccessDeniedException", message: "no" }
          : undefined,
      );
      expect(await send()).toMatchObject(told("undecided", "AccessDenied", "allow xray:BatchGetTraces"));
    });

    test("is not sent to an address that cannot be read", async () => {
      expect(await send({ daemon: "nowhere" })).toMatchObject({ verdict: "undecided" });
    });
  });
});
