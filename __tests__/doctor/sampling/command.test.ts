import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_SAMPLING_RATES } from "../../../contract/sampling";
import { contractRules, plannedRules } from "../../../doctor/sampling/rules";
import { AwsGateway } from "../../../lab/runtime/aws-gateway";
import { XRayService } from "../../../lab/runtime/xray-service";
import { tracewright } from "../../support/cli";
import { tracewrightInside } from "../../support/cli-inside";
import { model, synthesize } from "../../support/synthesized";

const folder = mkdtempSync(join(tmpdir(), "tracewright-sampling-"));

test.each(["dev", "preprod", "prod"] as const)(
  "SMP-1 the contract's rules of %s are the ones Terraform makes",
  (environment) => {
    expect(plannedRules(model(environment))).toEqual(
      contractRules(environment, DEFAULT_SAMPLING_RATES[environment]),
    );
  },
);

describe("tracewright sampling simulate", () => {
  const simulate = (...args: readonly string[]) => tracewrightInside(["sampling", "simulate", ...args]);

  test("SMP-9 tells the rule, the figures and the limits", () => {
    const args = ["--environment", "prod", "--service", "prod-sentiment-api/v1", "--rps", "1000"];
    const { code, stdout } = tracewright(["sampling", "simulate", ...args]);
    expect(code).toBe(0);
    expect(stdout).toContain("prod-sentiment-api (priority 100): 10 a second and 10 % of the rest");
    expect(stdout).toContain("109 of 1000 requests a second are recorded");
    expect(stdout).toContain("prod-sentiment-default (priority 9000) comes after prod-sentiment-api");
  });

  test("reads a configuration, and JSON says the same", async () => {
    const file = join(folder, "cdk.tf.json");
    writeFileSync(file, JSON.stringify(synthesize("dev")));
    const args = [
      "--plan",
      file,
      "--service",
      "dev-sentiment-sse",
      "--header",
      "Root=1-2-3;Sampled=0",
      "--json",
    ];
    const { code, stdout } = await simulate(...args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "decided", traced: { perSecond: 0 } });
  });

  test("exits 2 on wrong usage and says what to do", async () => {
    expect(await simulate("--service", "x")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("one of them"),
    });
    expect((await simulate("--environment", "prod", "--live", "--service", "x")).code).toBe(2);
    expect(await simulate("--environment", "prod")).toMatchObject({ code: 2 });
    const negative = await simulate("--environment", "prod", "--service", "x", "--rps", "-1");
    expect(negative.stderr).toContain("requests a second");
  });

  test("asks X-Ray for the rules it has now, and tells what it refuses", async () => {
    const service = new XRayService();
    const gateway = await AwsGateway.start("http://127.0.0.1:9");
    const variables = {
      AWS_ENDPOINT_URL: gateway.url,
      AWS_ACCESS_KEY_ID: "lab",
      AWS_SECRET_ACCESS_KEY: "lab",
      AWS_REGION: "eu-west-1",
    };
    const before = { ...process.env };
    const live = () => simulate("--live", "--service", "shop", "--decider", "sdk");
    try {
      Object.assign(process.env, variables);
      gateway.answerWith(service.answers);
      const rule = { RuleName: "debug", Priority: 1, FixedRate: 1, ReservoirSize: 0, ServiceName: "shop" };
      service.behave({ samplingRules: [rule, { ...rule, RuleName: "by-host", Priority: 0, Host: "a.*" }] });
      const open = await live();
      expect(open).toMatchObject({ code: 3, stdout: expect.stringContaining("--host would tell") });
      service.behave({ samplingRules: [rule] });
      expect(await live()).toMatchObject({ code: 0, stdout: expect.stringContaining("debug (priority 1)") });
      gateway.failWhen(() => ({ status: 403, code: "AccessDeniedException", message: "no" }));
      expect(await live()).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("permission for xray:GetSamplingRules"),
      });
    } finally {
      process.env = before;
      await gateway.stop();
    }
  });
});
