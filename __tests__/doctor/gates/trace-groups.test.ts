import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { traceSeries } from "../../../contract/alarms/series";
import { TRACE_GROUPS, traceGroupName } from "../../../contract/sampling";
import { judgeTraceGroups, type TraceGroupsSeen } from "../../../doctor/gates/trace-groups";
import { Moto } from "../../../lab/runtime/moto";
import { runCommand } from "../../support/run-command";
import { commandOf, describeWith } from "../../support/tools";
import { about, fileToWrite, recording } from "./documents";
import { GateLab, KEYS } from "./live";

const NAMES = TRACE_GROUPS.map(({ noun }) => traceGroupName("prod", noun));
const LIVE = traceGroupName("prod", "live-traces");

const by = (Dimensions: Readonly<Record<string, string>>, MetricName = "ApproximateTraceCount") => ({
  MetricName,
  Dimensions,
});
const counted = (GroupName: string, MetricName?: string) => by({ GroupName }, MetricName);
const WELL: TraceGroupsSeen = {
  Groups: TRACE_GROUPS.map(({ noun, filter }) => ({
    GroupName: traceGroupName("prod", noun),
    FilterExpression: filter,
    InsightsEnabled: true,
  })),
  Metrics: [counted(LIVE)],
};

describe("SMP-2 the verdict", () => {
  test.each<[string, TraceGroupsSeen["Metrics"], string, string]>([
    ["one of our groups is counted", [counted(LIVE)], "passed", "of 1 of our groups"],
    ["counted, and told of otherwise too", [counted(LIVE, "Other"), counted(LIVE)], "passed", "of 1"],
    ["another name", [counted(LIVE, "TraceCount")], "failed", "AWS/X-Ray TraceCount by GroupName"],
    ["another dimension", [by({ Group: LIVE })], "failed", "AWS/X-Ray ApproximateTraceCount by Group"],
    ["one dimension more", [by({ GroupName: LIVE, Of: "a" })], "failed", "by GroupName and Of"],
    ["another environment's groups alone", [counted("dev-sentiment-live-traces")], "undecided", "no metric"],
    ["no metric at all", [], "undecided", "no metric about our groups"],
  ])("%s", (_, Metrics, verdict, found) => {
    const findings = judgeTraceGroups("prod", { ...WELL, Metrics });
    expect(findings.slice(0, -1).map((one) => one.verdict)).toEqual(NAMES.map(() => "passed"));
    expect(findings.at(-1)).toMatchObject({
      verdict,
      found: expect.stringContaining(found),
      expected: "AWS/X-Ray ApproximateTraceCount by GroupName",
    });
  });

  test("R-13 a group that is gone, has another filter or no Insights is named", () => {
    const [first, second, third, ...others] = WELL.Groups;
    if (first === undefined || second === undefined || third === undefined) throw new Error("too few groups");
    const Groups = [
      { ...second, FilterExpression: "error = true" },
      { ...third, InsightsEnabled: false },
      ...others,
    ];
    const failed = judgeTraceGroups("prod", { ...WELL, Groups }).filter(
      ({ verdict }) => verdict === "failed",
    );
    expect(failed.map(({ what, found }) => [what, found])).toEqual([
      [`group ${first.GroupName}`, "no such group"],
      [`group ${second.GroupName}`, "error = true, Insights on"],
      [`group ${third.GroupName}`, `${third.FilterExpression}, Insights off`],
    ]);
  });
});

test("E5 SMP-2 recorded: passes, fails and refuses", async () => {
  const gate = (name: string, TraceGroups: object | undefined) =>
    runCommand(
      ..."gate groups --environment prod --recorded".split(" "),
      recording(`groups ${name}`, { ...about("groups", "prod"), TraceGroups }),
    );
  expect(await gate("well", WELL)).toMatchObject({ code: 0 });
  expect(await gate("none", { ...WELL, Groups: [] })).toMatchObject({ code: 1 });
  expect(await gate("quiet", { ...WELL, Metrics: [] })).toMatchObject({ code: 3 });
  expect(await gate("empty", undefined)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("TraceGroups"),
  });
});

describeWith(["moto"], "E5 SMP-2 tracewright gate groups, against moto and the lab's X-Ray", () => {
  let moto: Moto;
  let lab: GateLab;

  beforeAll(async () => {
    moto = await Moto.start(commandOf("moto"));
    lab = await GateLab.start(moto.url);
  });
  beforeEach(() => {
    lab.reset();
    const groups = WELL.Groups.map(({ InsightsEnabled, ...group }) => ({
      ...group,
      InsightsConfiguration: { InsightsEnabled },
    }));
    lab.xray.behave({ groups });
  });
  afterAll(async () => {
    await lab.stop();
    await moto.stop();
  });

  const gate = (...more: readonly string[]) => lab.gate("groups", "--environment", "prod", ...more);

  test("reads groups and metrics; what was read can be judged again", async () => {
    expect(await gate()).toMatchObject({ code: 3, stdout: expect.stringContaining("no metric about our") });
    Object.assign(process.env, KEYS);
    const cloudWatch = new CloudWatchClient({ endpoint: moto.url });
    const { namespace, name, dimensions } = traceSeries("prod", "live-traces");
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const datum = { MetricName: name, Dimensions, Value: 1 };
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: [datum] }));
    cloudWatch.destroy();

    const kept = fileToWrite("groups.json");
    expect(await gate("--record", kept)).toMatchObject({ code: 0 });
    expect(await runCommand("gate", "groups", "--environment", "prod", "--recorded", kept)).toMatchObject({
      code: 0,
    });
  });

  test.each([
    ["GetGroups", "xray:GetGroups"],
    ["ListMetrics", "cloudwatch:ListMetrics"],
  ])("%s denied: exit 2 and the permission", async (denied, words) => {
    const refusal = { status: 403, code: "AccessDeniedException", message: "no" };
    lab.gateway.failWhen(({ operation }) => (operation === denied ? refusal : undefined));
    expect(await gate()).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  });
});
