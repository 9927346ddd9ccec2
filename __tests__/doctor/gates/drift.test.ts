import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { permissionDriftSeries } from "../../../contract/alarms/series";
import type { ServiceKey } from "../../../contract/services";
import { DRIFT_MINUTES, type DriftTold, judgeDrift } from "../../../doctor/gates/drift";
import { gateDrift } from "../../../doctor/gates/drift-command";
import { GateSource } from "../../../doctor/gates/gate-source";
import { Moto } from "../../../lab/runtime/moto";
import { runCommand } from "../../support/run-command";
import { commandOf, describeWith } from "../../support/tools";
import { about, fileToWrite, recording } from "./documents";
import { GateLab, KEYS } from "./live";
import { SteppingClock } from "./stepping-clock";

const MINUTE = 60_000;
/** Twenty seconds into a minute of yesterday. */
const CHANGED = Math.floor(Date.now() / MINUTE - 24 * 60) * MINUTE + 20_000;
const TAKEN = { environment: "prod", service: "analysis", changed: CHANGED } as const;
const changed = new Date(CHANGED).toISOString();

/** What was told, by minutes from the one of the change, and when somebody asked. */
function told(values: Readonly<Record<number, number>>, askedAfter = 20): DriftTold {
  const at = (minutes: number) => new Date(CHANGED - 20_000 + minutes * MINUTE).toISOString();
  const Told = Object.entries(values).map(([minute, Value]) => ({ At: at(Number(minute)), Value }));
  return {
    AskedAt: new Date(CHANGED + askedAfter * MINUTE).toISOString(),
    Told: Told.sort((a, b) => Date.parse(a.At) - Date.parse(b.At)),
  };
}

describe("IAM-4 the verdict", () => {
  test.each<[string, DriftTold, string, string]>([
    ["told by the event", told({ [-5]: 0, 2: 1 }), "passed", "after 2 min"],
    ["told in the minute of the change", told({ [-5]: 0, 0: 1 }), "passed", "after 0 min"],
    ["told by a later run", told({ [-5]: 0, 1: 0, 6: 1 }), "passed", "after 6 min"],
    ["told in the last minute", told({ [-5]: 0, 15: 1 }), "passed", "after 15 min"],
    ["never told", told({ [-5]: 0, 0: 0, 5: 0, 10: 0 }), "failed", "in 15 minutes"],
    ["asked too early", told({ [-5]: 0, 5: 0 }, 14), "undecided", "so far"],
    ["asked before CloudWatch can show the last", told({ [-5]: 0, 5: 0 }, 15.5), "undecided", "so far"],
    ["a canary that stopped", told({ [-5]: 0 }), "undecided", "nothing told after"],
    ["a canary that did not run before", told({ 2: 1 }), "undecided", "half hour before"],
    ["a permission that was missing already", told({ [-5]: 1, 2: 1 }), "undecided", "missing before"],
    ["nothing at all", told({}), "undecided", "half hour before"],
  ])("%s", (_, found, verdict, words) => {
    expect(judgeDrift(TAKEN, found)).toEqual([
      expect.objectContaining({
        what: "prod-sentiment-analysis",
        verdict,
        found: expect.stringContaining(words),
      }),
    ]);
  });
});

describe("E5 IAM-4 tracewright gate drift, recorded", () => {
  const gate = (
    name: string,
    DriftTold: object | undefined,
    asked: object = { service: "analysis", changed },
  ) =>
    runCommand(
      ..."gate drift --environment prod --service analysis --changed".split(" "),
      changed,
      "--recorded",
      recording(`drift ${name}`, { ...about("drift", "prod", asked), DriftTold }),
    );

  test("passes, fails and refuses", async () => {
    expect(await gate("told", told({ [-5]: 0, 2: 1 }))).toMatchObject({ code: 0 });
    expect(await gate("untold", told({ [-5]: 0, 5: 0 }))).toMatchObject({ code: 1 });
    expect(await gate("silent", told({}))).toMatchObject({ code: 3 });
    expect(await gate("empty", undefined)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("DriftTold"),
    });
  });

  test("a recording of another change is refused", async () => {
    const other = new Date(CHANGED - MINUTE).toISOString();
    const { code, stderr } = await gate("other", told({ [-5]: 0, 2: 1 }), {
      service: "analysis",
      changed: other,
    });
    expect(code).toBe(2);
    expect(stderr).toContain(`drift of prod analysis after the change of ${other}`);
  });

  test.each([
    ["in the future", -60],
    ["before CloudWatch's memory", 16 * 24 * 60],
  ])("a time %s is refused before anything is asked", async (_, minutesAgo) => {
    const time = new Date(Date.now() - minutesAgo * MINUTE).toISOString();
    const { code, stderr } = await runCommand(
      ..."gate drift --environment prod --service analysis --changed".split(" "),
      time,
    );
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`--changed: found ${time}; expected a time of the last 15 days`),
    });
  });

  test("a function that does not exist is named with those that do", async () => {
    const { code, stderr } = await runCommand(
      ..."gate drift --environment prod --service analyis --changed".split(" "),
      changed,
    );
    expect(code).toBe(2);
    expect(stderr).toContain("ingestion, analysis");
  });
});

describeWith(["moto"], "E5 IAM-4 tracewright gate drift, against moto", () => {
  let moto: Moto;
  let lab: GateLab;
  let cloudWatch: CloudWatchClient;

  beforeAll(async () => {
    moto = await Moto.start(commandOf("moto"));
    lab = await GateLab.start(moto.url);
    Object.assign(process.env, KEYS);
    cloudWatch = new CloudWatchClient({ endpoint: moto.url });
  });
  afterEach(() => lab.reset());
  afterAll(async () => {
    cloudWatch.destroy();
    await lab.stop();
    await moto.stop();
  });

  const tell = async (service: ServiceKey, minutes: number, Value: number) => {
    const { namespace, name, dimensions } = permissionDriftSeries("prod", service);
    const datum = {
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      Timestamp: new Date(CHANGED + minutes * MINUTE),
      Value,
    };
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: [datum] }));
  };

  /** The gate with a clock that begins with the change; something may happen at each wait. */
  async function gated(service: ServiceKey, happen: (waits: number) => Promise<void>) {
    process.env["AWS_ENDPOINT_URL"] = lab.gateway.url;
    const source = new GateSource({ reads: "drift", environment: "prod" }, { region: "eu-west-1" });
    const clock = new SteppingClock(CHANGED, happen);
    const options = { ...TAKEN, service, wait: true };
    const [finding] = await gateDrift(source, options, () => undefined, clock);
    return { verdict: finding?.verdict, found: finding?.found, minutes: clock.minutes };
  }

  test("waits until the canary tells, and no longer; what was read can be judged again", async () => {
    await tell("analysis", -4, 0);
    const found = await gated("analysis", async (waits) =>
      waits === 3 ? tell("analysis", 3, 1) : undefined,
    );
    expect(found).toEqual({ verdict: "passed", found: "told of after 3 min", minutes: 3 });

    const kept = fileToWrite("drift.json");
    const args = ["drift", "--environment", "prod", "--service", "analysis", "--changed", changed];
    expect(await lab.gate(...args, "--record", kept)).toMatchObject({ code: 0 });
    expect(await runCommand("gate", ...args, "--recorded", kept)).toMatchObject({ code: 0 });
  });

  test("gives up when the time is over, with a little for CloudWatch", async () => {
    await tell("ingestion", -4, 0);
    await tell("ingestion", 1, 0);
    await tell("ingestion", DRIFT_MINUTES + 1, 1);
    expect(await gated("ingestion", async () => undefined)).toEqual({
      verdict: "failed",
      found: `not told of in ${DRIFT_MINUTES} minutes`,
      minutes: DRIFT_MINUTES + 2,
    });
  });

  test("does not wait when the canary told nothing before, or a permission was missing already", async () => {
    const nothing = async () => undefined;
    expect(await gated("metrics", nothing)).toMatchObject({ verdict: "undecided", minutes: 0 });
    await tell("sse", -4, 1);
    expect(await gated("sse", nothing)).toMatchObject({ verdict: "undecided", minutes: 0 });
  });

  test.each([
    [403, "AccessDeniedException", "cloudwatch:GetMetricData"],
    [429, "ThrottlingException", "wait a minute"],
  ])("%d %s: exit 2 and what to do", async (status, code, words) => {
    lab.refuse(status, code);
    const args = ["--environment", "prod", "--service", "analysis", "--changed", changed];
    expect(await lab.gate("drift", ...args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(words),
    });
  });
});
