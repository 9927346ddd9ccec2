import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectorConfig } from "../../../containers/sse/collector-config";
import { FIXED_VARIABLES } from "../../../contract/environment-variables";
import { topicName } from "../../../contract/messaging";
import { functionName, SERVICES } from "../../../contract/services";
import { OtlpReceiver } from "../../../lab/runtime/otlp-receiver";
import type { SegmentDocument } from "../../../lab/runtime/xray-daemon";
import { XRayService } from "../../../lab/runtime/xray-service";
import type { ApiLab } from "../../support/api-lab";
import { describeApi } from "../../support/api-lab";
import type { Ended } from "../../support/cli";
import { tracewrightBeside } from "../../support/cli-beside";
import { httpStub } from "../../support/http-stub";
import { ENVIRONMENT } from "../../support/pipeline-lab";
import { makeFunction } from "./aws-lab";
import { simulated } from "./simulated-policies";

const REGION = "us-east-1";
const FUNCTION = functionName(ENVIRONMENT, "dashboard");
const { serviceName } = SERVICES.dashboard;
const VARIABLES = {
  AWS_ACCESS_KEY_ID: "lab",
  AWS_SECRET_ACCESS_KEY: "lab",
  AWS_EC2_METADATA_DISABLED: "true",
};
const READS = /^(?:Get|List|BatchGet|Simulate)/;
const NOW = new Date().toISOString();
const LOG = [
  `${NOW} [Info] Initializing AWS X-Ray daemon 3.3.14`,
  `${NOW} [Info] Successfully sent batch of 3 segments (0.123 seconds)`,
];

/** The segment Lambda itself sends, which everything the function sends hangs on. */
function facade(documents: readonly SegmentDocument[]): SegmentDocument {
  const ids = documents.map(({ id }) => id);
  const outermost = documents.find(({ parent_id: parent = "" }) => !ids.includes(parent));
  if (outermost?.parent_id === undefined) throw new Error("the function sent nothing");
  const { trace_id, parent_id: id, start_time } = outermost;
  const origin = { origin: "AWS::Lambda::Function" };
  return { name: serviceName, id, trace_id, start_time, end_time: start_time + 1, ...origin };
}

describeApi("DOC-3 E2 tracewright doctor on a working harness", (lab) => {
  const xray = new XRayService();
  const directory = mkdtempSync(join(tmpdir(), "tracewright-doctor-"));
  let receiver: OtlpReceiver;
  let proxy: { readonly host: string; stop(): Promise<void> };
  let traceId = "";
  let roleArn = "";

  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };

  const wire = ({ pipeline }: ApiLab): void =>
    pipeline.gateway.answerWith((call) =>
      call.operation === "SimulatePrincipalPolicy" ? simulated(call.input) : xray.answers(call),
    );

  beforeAll(async () => {
    const { pipeline } = lab();
    receiver = await OtlpReceiver.start();
    // What the daemon's TCP port answers is X-Ray's own answer, signed by the daemon.
    proxy = await httpStub((_, response) => void response.end('{"SamplingRuleRecords":[]}'));
    const at = {
      region: REGION,
      endpoint: pipeline.moto.url,
      credentials: { accessKeyId: "lab", secretAccessKey: "lab" },
    };
    const variables = { ...FIXED_VARIABLES, POWERTOOLS_SERVICE_NAME: serviceName };
    roleArn = await makeFunction(at, FUNCTION, "Active", variables);
    await lab().session();
    const documents = await pipeline.daemon.settled();
    traceId = documents[0]?.trace_id ?? "";
    xray.receive([facade(documents), ...documents]);
  });

  afterAll(async () => {
    await Promise.all([receiver.stop(), proxy.stop()]);
    rmSync(directory, { recursive: true, force: true });
  });

  const doctor = (...args: readonly string[]): Promise<Ended> => {
    wire(lab());
    const variables = { ...VARIABLES, AWS_ENDPOINT_URL: lab().pipeline.gateway.url };
    return tracewrightBeside(["doctor", "--region", REGION, ...args], variables);
  };

  const everything = (): readonly string[] => {
    const { pipeline, gateway } = lab();
    return [
      ...["--function", FUNCTION, "--role", roleArn, "--service", serviceName],
      ...["--topic", `arn:aws:sns:${REGION}:123456789012:${topicName(ENVIRONMENT, "analysis-requests")}`],
      ...["--url", `${gateway.url}/api/v2/runtime`],
      ...["--daemon", `udp:${pipeline.daemon.address} tcp:${proxy.host}`],
      ...["--daemon-log", file("daemon.log", LOG.join("\n"))],
      ...["--collector", receiver.url, "--collector-config", file("config.yaml", collectorConfig())],
      ...["--entry", "functions/dashboard/handler.ts", "--trace", traceId],
      ...["--request", `GET ${gateway.url}/api/v2/runtime`],
    ];
  };

  test("has nothing to find, and writes nothing", async () => {
    const { code, stdout } = await doctor(...everything(), "--json");
    const { probes } = JSON.parse(stdout) as {
      probes: { probe: string; verdict: string; findings: unknown[] }[];
    };
    const unwell = probes.filter(({ verdict }) => verdict !== "pass");
    expect(unwell).toMatchObject([{ probe: "test-segment", verdict: "skipped", findings: [] }]);
    expect(code).toBe(0);
    const operations = lab().pipeline.gateway.calls.map(({ operation }) => operation);
    expect(operations.filter((operation) => !READS.test(operation))).toEqual([]);
    expect(operations).toEqual(
      expect.arrayContaining(["GetCallerIdentity", "GetServiceGraph", "BatchGetTraces"]),
    );
    expect(await lab().pipeline.daemon.settled()).not.toContainEqual(
      expect.objectContaining({ name: "tracewright-doctor" }),
    );
    expect(receiver.spans).toEqual([]);
  });

  test("sends a test segment when told, and finds it", async () => {
    const { daemon } = lab().pipeline;
    const pump = setInterval(() => daemon.settled().then((documents) => xray.receive(documents)), 200);
    const { code, stdout } = await doctor(
      "--only",
      "test-segment",
      "--send-test-segment",
      "--daemon",
      daemon.address,
    );
    clearInterval(pump);
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Test segment (writes one)"),
    });
    expect(await daemon.settled()).toMatchObject([{ name: "tracewright-doctor" }]);
  });

  test("tells people, aligned, what is wrong, why it matters and what to do", async () => {
    const missing = `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;
    const { code, stdout, stderr } = await doctor(
      "--service",
      "orders",
      "--trace",
      missing,
      "--only",
      "service-name",
      "--only",
      "chain",
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fail {7}Service in the graph: orders$/m);
    expect(stdout).toMatch(/^ {11}why {8}A service that is missing/m);
    expect(stdout).toMatch(/^ {11}looked at {2}xray:GetServiceGraph, the last 6 h$/m);
    expect(stdout).toMatch(/^ {11}found {6}DynamoDB, sentiment-analyzer-dashboard/m);
    expect(stdout).toMatch(/^ {11}fix {8}set OTEL_SERVICE_NAME/m);
    expect(stdout).toMatch(/^undecided {2}Trace in one piece$/m);
    expect(stdout).toMatch(/0 passed, 0 to look at, 1 failed, 1 undecided, 0 skipped of 2 probes\n$/);
    expect(stdout).not.toContain("\u001b");
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
