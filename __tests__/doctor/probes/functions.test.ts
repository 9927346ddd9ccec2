import { ageing } from "../../../doctor/probes/ageing";
import { debugMode } from "../../../doctor/probes/debug-mode";
import { diagnose, exitOf, verdictOf } from "../../../doctor/probes/diagnosis";
import { functionVariables } from "../../../doctor/probes/function-variables";
import { permissions } from "../../../doctor/probes/permissions";
import { PROBES } from "../../../doctor/probes/registry";
import { surroundingsOf } from "../../../doctor/probes/surroundings";
import { tracingMode } from "../../../doctor/probes/tracing-mode";
import { XRAY_WRITE_ACTIONS } from "../../../policies/iam/xray";
import { describeWith } from "../../support/tools";
import { AwsLab } from "./aws-lab";
import { look, lookOnce, settings, told } from "./looking";

const GOOD = { POWERTOOLS_SERVICE_NAME: "orders", POWERTOOLS_TRACE_ENABLED: "true", DB_PASSWORD: "hunter2" };
const BAD = {
  OTEL_SDK_DISABLED: "true",
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "2",
  AWS_XRAY_MANUAL_MODE: "1",
  AWS_XRAY_DEBUG_MODE: "false",
  DB_PASSWORD: "hunter2",
};

describeWith(["moto"], "DOC-3 E2 a function", () => {
  let lab: AwsLab;
  let role = "";

  beforeAll(async () => {
    lab = await AwsLab.start();
    role = await lab.makeFunction("orders", "Active", GOOD);
    await lab.makeFunction("orders-off", "PassThrough", BAD);
    await lab.makeFunction("orders-odd", "Active", { NODE_OPTIONS: "--require x" });
  });
  afterAll(() => lab.stop());
  beforeEach(() => lab.reset());

  const on = (...functions: readonly string[]) => ({ region: "eu-west-1", functions });

  test("in Active mode passes, in PassThrough it does not", async () => {
    expect(await look(tracingMode, on("orders", "orders-off"))).toMatchObject([
      { verdict: "pass", about: "orders", found: "Active" },
      told("fail", "PassThrough", "aws lambda update-function-configuration --function-name orders-off"),
    ]);
    expect(tracingMode.missing(settings())).toBe("--function NAME");
  });

  test("that does not exist here is named with the region", async () => {
    expect(await lookOnce(tracingMode, on("none"))).toMatchObject(told("fail", "not found", "--region"));
  });

  test("that may not be read, or not now, leaves it undecided and says why", async () => {
    lab.gateway.failWhen(({ service }) =>
      service === "lambda" ? { status: 403, code: "AccessDeniedException", message: "no" } : undefined,
    );
    expect(await lookOnce(tracingMode, on("orders"))).toMatchObject(
      told("undecided", "AccessDenied", "allow lambda:GetFunctionConfiguration"),
    );
    expect(await lookOnce(functionVariables, on("orders"))).toMatchObject({ verdict: "undecided" });
    expect(await lookOnce(permissions, on("orders"))).toMatchObject(
      told("undecided", "no function whose role", "--role ARN"),
    );
    lab.gateway.failWhen(() => ({ status: 429, code: "TooManyRequestsException", message: "slow down" }));
    expect(await lookOnce(tracingMode, on("orders"))).toMatchObject(
      told("undecided", "TooManyRequests", "wait a minute"),
    );
  });

  test("without misleading variables passes; others are named, values never", async () => {
    const [good, bad, odd] = await look(functionVariables, on("orders", "orders-off", "orders-odd"));
    expect(good).toMatchObject({ verdict: "pass" });
    expect(bad).toMatchObject(told("fail", "OTEL_SDK_DISABLED switches tracing off", "kill-switch off"));
    expect(bad?.found).toContain("is in milliseconds");
    expect(bad?.found).toContain("AWS_XRAY_MANUAL_MODE");
    expect(odd).toMatchObject(told("warn", "NODE_OPTIONS", "remove them"));
    expect(JSON.stringify([good, bad, odd])).not.toContain("hunter2");
  });

  test("in debug mode is explained, whatever the text that switches it on", async () => {
    const variables = { AWS_XRAY_DEBUG_MODE: "1" };
    expect(await look(debugMode, on("orders", "orders-off"), { variables })).toMatchObject([
      told("warn", "it does not tell whether a daemon or X-Ray took it", "AWS_XRAY_LOG_LEVEL"),
      { verdict: "pass", about: "orders" },
      told("warn", 'set to "false"', "billed"),
    ]);
    expect(await lookOnce(debugMode)).toMatchObject({ verdict: "pass", about: "this machine" });
  });

  test("on the newest runtime passes, an older one does not age well", async () => {
    expect(await look(ageing, on("orders"))).toMatchObject([{ verdict: "pass" }, { verdict: "pass" }]);
    const functionFacts = async () => ({
      kind: "answer" as const,
      value: { tracingMode: "Active", roleArn: "", runtime: "nodejs18.x", variables: {} },
    });
    expect(await look(ageing, on("orders"), { functionFacts })).toMatchObject([
      { verdict: "pass" },
      told("warn", "nodejs18.x", "nodejs22.x"),
    ]);
  });

  test("and a table nobody has looked at for a year is stale", async () => {
    const now = () => Date.parse("2028-01-01T00:00:00Z");
    expect(await lookOnce(ageing, {}, { now })).toMatchObject(
      told("warn", "lambdaRuntime (nodejs22.x, checked 2026-11-21)", "look each up"),
    );
  });

  test("whose role may do all five passes, by the function's name or by the role's", async () => {
    expect(await lookOnce(permissions, on("orders"))).toMatchObject({ verdict: "pass", about: role });
    expect(await lookOnce(permissions, { region: "eu-west-1", roles: [role] })).toMatchObject({
      verdict: "pass",
    });
    const asked = lab.gateway.calls.filter(({ operation }) => operation === "SimulatePrincipalPolicy");
    for (const action of XRAY_WRITE_ACTIONS) expect(Object.values(asked[0]?.input ?? {})).toContain(action);
  });

  test("whose role lacks two is told which", async () => {
    lab.decisions = { "xray:PutTraceSegments": "implicitDeny", "xray:GetSamplingTargets": "implicitDeny" };
    const finding = await lookOnce(permissions, on("orders"));
    expect(finding).toMatchObject(
      told("fail", "xray:PutTraceSegments (implicitDeny)", "attach a managed policy"),
    );
    expect(finding.found).toContain("xray:GetSamplingTargets");
    expect(finding.found).not.toContain("xray:PutTelemetryRecords");
  });

  test("whose role is denied explicitly is not told to add an Allow", async () => {
    lab.decisions = { "xray:PutTraceSegments": "explicitDeny" };
    expect(await lookOnce(permissions, on("orders"))).toMatchObject(
      told("fail", "explicitDeny", "no Allow outweighs it"),
    );
  });

  test("cannot be judged by somebody who may not simulate, and nobody is blamed", async () => {
    lab.gateway.failWhen(({ service }) =>
      service === "iam" ? { status: 403, code: "AccessDenied", message: "not allowed" } : undefined,
    );
    expect(await lookOnce(permissions, { region: "eu-west-1", roles: [role] })).toMatchObject(
      told("undecided", "may not simulate", "iam:SimulatePrincipalPolicy"),
    );
  });

  test.each([
    ["a role that may do nothing", 403, "AccessDeniedException", /^allow \w+:\w+/],
    ["throttled AWS", 429, "ThrottlingException", /^wait a minute/],
    ["a faulty AWS", 500, "InternalFailure", /^try again in a minute/],
  ])(
    "and everything else is told from %s: undecided, with the fix, no probe taking another along",
    async (_title, status, code, fix) => {
      lab.gateway.failWhen(({ service }) =>
        service === "sts" ? undefined : { status, code, message: "not authorized" },
      );
      const all = settings({
        ...{ ...on("orders"), roles: [role], services: ["orders"], topics: ["arn:aws:sns:eu-west-1:1:news"] },
        ...{
          request: { method: "GET", url: new URL("https://a.example") },
          trace: `1-${"0".repeat(8)}-${"0".repeat(24)}`,
        },
      });
      const asked = PROBES.filter(({ id, missing }) => id !== "debug-mode" && missing(all) === undefined);
      const diagnoses = await diagnose(asked, surroundingsOf(all, {}), () => undefined);
      const verdicts = Object.fromEntries(diagnoses.map((one) => [one.probe.id, verdictOf(one)]));
      const undecided = [
        "permissions",
        "tracing-mode",
        "function-variables",
        "subscribers",
        "raw-delivery",
        "sampling",
        "chain",
      ];
      expect(verdicts).toMatchObject({ credentials: "pass", clock: "pass", region: "pass" });
      for (const id of [...undecided, "service-name"]) expect([id, verdicts[id]]).toEqual([id, "undecided"]);
      const fixes = diagnoses.flatMap(({ findings }) =>
        findings.flatMap((one) => (one.verdict === "undecided" ? [one.fix] : [])),
      );
      expect(fixes.filter((one) => !fix.test(one))).toEqual([]);
      expect(exitOf(diagnoses)).toBe(3);
    },
  );

  test("whose role is gone", async () => {
    lab.gateway.failWhen(({ service }) =>
      service === "iam" ? { status: 404, code: "NoSuchEntity", message: "role not found" } : undefined,
    );
    expect(await lookOnce(permissions, { region: "eu-west-1", roles: [role] })).toMatchObject(
      told("undecided", "NoSuchEntity", "check the name"),
    );
  });
});
