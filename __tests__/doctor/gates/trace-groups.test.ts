import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { traceSeries } from "../../../contract/alarms/series";
import { TRACE_GROUPS, traceGroupName } from "../../../contract/sampling";
import { judgeTraceGroups, type TraceGroupsSeen } from "../../../doctor/gates/trace-groups";
import { Moto } from "../../../lab/runtime/moto";
import { runCommand } from "../../support/run-command";
import { commandOf, describeWith } from "../../support/tools";
import { about, fileToWrite, recording, segmentOf, traceId } from "./documents";
import { GateLab, KEYS } from "./live";

const NAMES = TRACE_GROUPS.map(({ noun }) => traceGroupName("prod", noun));
const LIVE = traceGroupName("prod", "live-traces");
const FAULTS = traceGroupName("prod", "faults");

const counted = (GroupName: string, MetricName = "ApproximateTraceCount", more = {}) => ({
  MetricName,
  Dimensions: { GroupName, ...more },
});
const WELL: TraceGroupsSeen = {
  Groups: TRACE_GROUPS.map(({ noun, filter }) => ({
    GroupName: traceGroupName("prod", noun),
    FilterExpression: filter,
    InsightsEnabled: true,
  })),
  Metrics: [counted(LIVE)],
  WithTraces: [LIVE],
};

describe("SMP-2 the verdict", () => {
  test.each<[string, Partial<TraceGroupsSeen>, string]>([
    ["the groups with traces are counted", {}, "passed"],
    ["another group has traces and no count", { WithTraces: [LIVE, FAULTS] }, "failed"],
    ["a count by another name", { Metrics: [counted(LIVE, "TraceCount")] }, "failed"],
    ["a count by more dimensions", { Metrics: [counted(LIVE, undefined, { Region: "a" })] }, "failed"],
    ["another environment's count", { Metrics: [counted("dev-sentiment-live-traces")] }, "failed"],
    ["no metric at all", { Metrics: [] }, "failed"],
    ["no trace in any group", { WithTraces: [] }, "undecided"],
  ])("%s", (_, change, verdict) => {
    const findings = judgeTraceGroups("prod", { ...WELL, ...change });
    expect(findings.slice(0, -1).map((one) => one.verdict)).toEqual(NAMES.map(() => "passed"));
    expect(findings.at(-1)?.verdict).toBe(verdict);
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

  test("what X-Ray tells instead is shown", () => {
    const other = { ...WELL, Metrics: [counted(LIVE, "TraceCount"), counted("Default")] };
    expect(judgeTraceGroups("prod", other).at(-1)).toMatchObject({
      found: `not told of ${LIVE}; about our groups: TraceCount by GroupName`,
      expected: "AWS/X-Ray ApproximateTraceCount by GroupName",
    });
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
  expect(await gate("quiet", { ...WELL, WithTraces: [] })).toMatchObject({ code: 3 });
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

  test("reads groups, metrics and traces; what was read can be judged again", async () => {
    expect(await gate()).toMatchObject({ code: 3 });
    lab.xray.receive([segmentOf("prod-sentiment-ingestion", traceId(1800))]);
    expect(await gate()).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`not told of ${LIVE}; no metric about our groups`),
    });

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

  test("a trace that is too young to be counted decides nothing", async () => {
    lab.xray.receive([segmentOf("prod-sentiment-ingestion", traceId(600))]);
    expect(await gate()).toMatchObject({ code: 3 });
  });

  test.each([
    ["GetGroups", "xray:GetGroups"],
    ["ListMetrics", "cloudwatch:ListMetrics"],
    ["GetTraceSummaries", "xray:GetTraceSummaries"],
  ])("%s denied: exit 2 and the permission", async (denied, words) => {
    const refusal = { status: 403, code: "AccessDeniedException", message: "no" };
    lab.gateway.failWhen(({ operation }) => (operation === denied ? refusal : undefined));
    expect(await gate()).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  });
});
