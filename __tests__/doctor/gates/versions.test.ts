import { TagResourceCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { SERVICE_KEYS } from "../../../contract/services";
import { GateSource } from "../../../doctor/gates/gate-source";
import { type DeployedVersion, judgeVersions, SKEW_MINUTES } from "../../../doctor/gates/versions";
import { gateVersions } from "../../../doctor/gates/versions-command";
import { Moto } from "../../../lab/runtime/moto";
import { MotoFunctions } from "../../support/moto-functions";
import { runCommand } from "../../support/run-command";
import { commandOf, describeWith } from "../../support/tools";
import { about, fileToWrite, recording } from "./documents";
import { KEYS } from "./live";
import { SteppingClock } from "./stepping-clock";

const all = (version: string): DeployedVersion[] =>
  SERVICE_KEYS.map((service) => ({
    FunctionName: `prod-sentiment-${service}`,
    Tag: version,
    Variable: version,
  }));
const [first, ...others] = all("abc");

const verdicts = (versions: ReturnType<typeof all>, expected?: string) => [
  ...new Set(judgeVersions("prod", versions, expected).map(({ verdict }) => verdict)),
];

describe("DEP-5 the verdict", () => {
  test.each<[string, ReturnType<typeof all>, string | undefined, readonly string[]]>([
    ["one version", all("abc"), undefined, ["passed"]],
    ["the one expected", all("abc"), "abc", ["passed"]],
    ["another than expected", all("abc"), "def", ["failed"]],
    [
      "one function behind",
      [{ FunctionName: first?.FunctionName ?? "", Tag: "old", Variable: "old" }, ...others],
      undefined,
      ["failed", "passed"],
    ],
    [
      "a tag and a variable that differ",
      [{ FunctionName: first?.FunctionName ?? "", Tag: "abc", Variable: "old" }, ...others],
      undefined,
      ["failed", "passed"],
    ],
    [
      "a function without tag",
      [{ FunctionName: first?.FunctionName ?? "", Tag: null, Variable: "abc" }, ...others],
      undefined,
      ["failed", "passed"],
    ],
    [
      "variables that cannot be read",
      [
        {
          FunctionName: first?.FunctionName ?? "",
          Tag: "abc",
          Variable: null,
          Unreadable: "KMSAccessDenied",
        },
        ...others,
      ],
      undefined,
      ["undecided", "passed"],
    ],
    ["a function nobody tells of", others, undefined, ["undecided", "passed"]],
    ["nothing at all", [], undefined, ["undecided"]],
  ])("%s", (_, versions, expected, wanted) => {
    expect(verdicts(versions, expected)).toEqual(wanted);
  });
});

test("E5 DEP-5 recorded: passes, fails and refuses", async () => {
  const gate = (name: string, Versions: readonly object[]) =>
    runCommand(
      "gate",
      "versions",
      "--environment",
      "prod",
      "--recorded",
      recording(name, { ...about("versions", "prod"), Versions }),
    );
  expect(await gate("one", all("abc"))).toMatchObject({ code: 0 });
  expect(await gate("mixed", [...others, ...all("def").slice(0, 1)])).toMatchObject({ code: 1 });
  expect(await gate("none", [])).toMatchObject({ code: 3 });
});

describeWith(["moto"], "E5 DEP-5 tracewright gate versions, against moto", () => {
  let moto: Moto;
  let functions: MotoFunctions;
  const arns: string[] = [];

  beforeAll(async () => {
    moto = await Moto.start(commandOf("moto"));
    Object.assign(process.env, KEYS, { AWS_ENDPOINT_URL: moto.url });
    functions = await MotoFunctions.start(moto.url);
    for (const service of SERVICE_KEYS)
      arns.push(
        await functions.create(
          `prod-sentiment-${service}`,
          { DEPLOYMENT_VERSION: "abc" },
          { "deploy-sha": "abc" },
        ),
      );
  });
  afterAll(async () => {
    functions.stop();
    await moto.stop();
  });

  const deploy = async (index: number, version: string) => {
    const FunctionName = arns[index] ?? "";
    const Environment = { Variables: { DEPLOYMENT_VERSION: version } };
    await functions.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
    await functions.client.send(
      new TagResourceCommand({ Resource: FunctionName, Tags: { "deploy-sha": version } }),
    );
  };

  /** The gate with a clock of its own; something may happen at each wait. */
  async function gated(happen: (waits: number) => Promise<void> = async () => undefined) {
    const source = new GateSource({ reads: "versions", environment: "prod" }, { region: "eu-west-1" });
    const clock = new SteppingClock(0, happen);
    const findings = await gateVersions(source, { environment: "prod", wait: true }, () => undefined, clock);
    return { failed: findings.filter(({ verdict }) => verdict === "failed").length, minutes: clock.minutes };
  }

  test("R-41 passes at once when all agree, and what was read can be judged again", async () => {
    expect(await gated()).toEqual({ failed: 0, minutes: 0 });
    const kept = fileToWrite("versions.json");
    const args = ["versions", "--environment", "prod", "--expected", "abc"];
    expect(await runCommand("gate", ...args, "--record", kept)).toMatchObject({ code: 0 });
    expect(await runCommand("gate", ...args, "--recorded", kept)).toMatchObject({ code: 0 });
    expect(
      await runCommand("gate", "versions", "--environment", "prod", "--no-wait", "--expected", "def"),
    ).toMatchObject({ code: 1 });
  });

  test("R-41 gives a deployment under way time to end, and fails after 15 minutes", async () => {
    await deploy(0, "def");
    expect(await gated()).toEqual({ failed: 1, minutes: SKEW_MINUTES });
    expect(await gated(async (waits) => (waits === 3 ? deploy(0, "abc") : undefined))).toEqual({
      failed: 0,
      minutes: 3,
    });
  });

  test("a function that is not there is named", async () => {
    expect(await runCommand("gate", "versions", "--environment", "dev")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("dev-sentiment-ingestion"),
    });
  });
});
