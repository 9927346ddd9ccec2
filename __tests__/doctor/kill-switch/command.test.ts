import {
  CreateAliasCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  PublishVersionCommand,
} from "@aws-sdk/client-lambda";
import { LambdaControl } from "../../../lab/runtime/lambda-control";
import { Moto } from "../../../lab/runtime/moto";
import type { Ended } from "../../support/cli";
import { tracewrightBeside } from "../../support/cli-beside";
import { MotoFunctions } from "../../support/moto-functions";
import { runCommand } from "../../support/run-command";
import { commandOf, describeWith } from "../../support/tools";

const KEYS = { AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: "lab", AWS_REGION: "eu-west-1" };
const VARIABLES = { OTEL_SDK_DISABLED: "false", TOKEN: "s3cret ñ", EMPTY: "" };

const against = (url: string, ...args: readonly string[]): Promise<Ended> => {
  Object.assign(process.env, KEYS, { AWS_ENDPOINT_URL: url });
  return runCommand("kill-switch", ...args);
};

describeWith(["moto"], "tracewright kill-switch, against moto", () => {
  let moto: Moto;
  let functions: MotoFunctions;
  let lambda: LambdaClient;
  const FunctionName = "prod-sentiment-sse";

  beforeAll(async () => {
    moto = await Moto.start(commandOf("moto"));
    functions = await MotoFunctions.start(moto.url);
    lambda = functions.client;
    await functions.create(FunctionName, VARIABLES);
    const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
    await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: Version }));
  });
  afterAll(async () => {
    functions.stop();
    await moto.stop();
  });

  const variablesOf = async (Qualifier?: string) => {
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
    return found.Environment?.Variables;
  };

  test("DEP-3 E4 shows the change, makes it, and takes it back", async () => {
    const asked = ["--function", FunctionName, "--alias", "live"];
    const dry = await against(moto.url, "on", ...asked, "--dry-run");
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringMatching(/OTEL_SDK_DISABLED +false -> true/) });
    expect(dry.stdout).toMatch(/other variables +2, which stay as they are/);
    expect(await variablesOf()).toEqual(VARIABLES);
    const on = await against(moto.url, "on", ...asked);
    expect(on).toMatchObject({ code: 0, stdout: expect.stringContaining("The next terraform apply") });
    for (const one of [undefined, "live"])
      expect(await variablesOf(one)).toEqual({ ...VARIABLES, OTEL_SDK_DISABLED: "true" });
    const off = await against(moto.url, "off", ...asked, "--json");
    expect(JSON.parse(off.stdout)).toMatchObject({ state: "done", alias: { name: "live", to: "3" } });
    expect(await variablesOf("live")).toEqual(VARIABLES);
    for (const { stdout, stderr } of [dry, on, off]) expect(stdout + stderr).not.toContain("s3cret");
  });

  test("DEP-3 a function that does not exist is named", async () => {
    const { code, stderr } = await against(moto.url, "on", "--function", "nothing");
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("--function nothing") });
  });
});

describe("tracewright kill-switch, exit codes", () => {
  let control: LambdaControl;
  beforeEach(async () => {
    control = await LambdaControl.start(VARIABLES);
  });
  afterEach(() => control.stop());

  test("DEP-3 denied before anything was written: exit 2 and the permission", async () => {
    control.before = (one) =>
      one === "UpdateFunctionConfiguration"
        ? { status: 403, code: "AccessDeniedException", message: "no" }
        : undefined;
    const { code, stderr } = await against(control.url, "on", "--function", "checkout");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("lambda:UpdateFunctionConfiguration"),
    });
  });

  test("DEP-3 half done: exit 1 and both ways out", async () => {
    control.release("live");
    control.before = (one) =>
      one === "UpdateAlias" ? { status: 403, code: "AccessDeniedException", message: "no" } : undefined;
    const { code, stdout } = await against(control.url, "on", "--function", "checkout", "--alias", "live");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^half-done: kill-switch on for checkout/);
    expect(stdout).toContain("To finish: tracewright kill-switch on --function checkout --alias live");
  });

  test("DEP-3 a read that fails after the write: exit 1, and as JSON both ways out", async () => {
    control.before = (one) =>
      one === "GetFunctionConfiguration" && control.operations.includes("UpdateFunctionConfiguration")
        ? { status: 403, code: "AccessDeniedException", message: "no" }
        : undefined;
    const { code, stdout } = await against(control.url, "on", "--function", "checkout", "--json");
    expect({ code, report: JSON.parse(stdout) }).toMatchObject({
      code: 1,
      report: { state: "half-done", waysOut: { undo: "tracewright kill-switch off --function checkout" } },
    });
  });

  test.each([
    ["--function", ""],
    ["--function", "checkout:live"],
    ["--function", "arn:aws:lambda:eu-west-1:123456789012:function:checkout:1"],
    ["--function", "checkout;reboot"],
    ["--alias", ""],
    ["--alias", "$LATEST"],
    ["--alias", "7"],
  ])("DEP-3 %s %j is refused before AWS is asked", async (option, value) => {
    const { code, stderr } = await against(control.url, "on", "--function", "checkout", option, value);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("expected a") });
    expect(control.operations).toEqual([]);
  });

  test("DEP-3 an ARN is a function's name, too", async () => {
    const name = "arn:aws:lambda:eu-west-1:123456789012:function:checkout";
    expect(await against(control.url, "on", "--function", name, "--dry-run")).toMatchObject({ code: 0 });
  });

  test("DEP-3 without credentials: exit 2 and how to get some", async () => {
    const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_EC2_METADATA_DISABLED: "true" };
    const variables = { ...none, AWS_REGION: "eu-west-1", AWS_ENDPOINT_URL: control.url, HOME: "/nowhere" };
    const ended = await tracewrightBeside(["kill-switch", "on", "--function", "checkout"], variables);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("set AWS_PROFILE") });
    expect(control.operations).toEqual([]);
  });

  test("DEP-3 the help says when to use it", async () => {
    const { code, stdout } = await against(control.url, "on", "--help");
    expect(code).toBe(0);
    expect(stdout).toContain("Sample less first");
    expect(stdout).toContain("more than 50 % of exports fail for 10 minutes");
    expect((await against(control.url, "on")).code).toBe(2);
  });
});
