import { JUDGED_SERVICES } from "../../../contract/trace-structure";
import { judgeAnnotations } from "../../../doctor/gates/annotations";
import { judgeStructure } from "../../../doctor/gates/structure";
import { readTrace } from "../../../doctor/xray/trace";
import type { SegmentDocument } from "../../../lab/runtime/xray-daemon";
import { runCommand } from "../../support/run-command";
import {
  about,
  below,
  fileToWrite,
  recordedTraces,
  recording,
  segmentOf,
  soundRun,
  soundRuns,
  traceId,
} from "./documents";
import { GateLab } from "./live";

const traces = (documents: readonly SegmentDocument[]) => recordedTraces(documents).Traces.map(readTrace);
const problems = (findings: ReturnType<typeof judgeStructure>) =>
  findings.filter(({ verdict }) => verdict !== "passed").map(({ verdict, found }) => `${verdict}: ${found}`);

describe("DEP-2 trace structure", () => {
  const judged = (documents: readonly SegmentDocument[]) =>
    problems(judgeStructure("prod", traces(documents)));

  test("a whole trace of every function passes, whether parts come inside their segment or beside it", () => {
    expect(judged(soundRuns("prod"))).toEqual([]);
    const inside = JUDGED_SERVICES.flatMap((service) => {
      const [segment, ...parts] = soundRun("prod", service);
      return segment === undefined ? [] : [{ ...segment, subsegments: parts }];
    });
    expect(judged(inside)).toEqual([]);
  });

  test("one whole trace among poorer ones is enough", () => {
    expect(judged([...soundRuns("prod"), segmentOf("prod-sentiment-dashboard")])).toEqual([]);
  });

  test.each<[string, (documents: readonly SegmentDocument[]) => readonly SegmentDocument[], string]>([
    [
      "a DynamoDB call that is not captured",
      (all) => all.filter(({ name }) => name !== "DynamoDB"),
      "failed: 1, the best with 0 of 3 DynamoDB",
    ],
    [
      "a handler without parts",
      (all) => all.filter(({ name }) => !/^step_|^handle/.test(name)),
      "failed: 1, the best with 0 of 5 others",
    ],
    [
      "a topic that is not seen",
      (all) => all.filter(({ name }) => name !== "SNS"),
      "failed: 1, the best with 0 of 1 SNS",
    ],
    [
      "a function that is not traced",
      (all) => all.filter(({ name }) => !name.endsWith("-analysis")),
      "undecided: none",
    ],
  ])("%s is told", (_, change, expected) => {
    expect(judged(change(soundRuns("prod")))).toContain(expected);
  });

  test("what another function did in the same trace does not count", () => {
    const id = traceId();
    const caller = segmentOf("prod-sentiment-ingestion", id);
    const call = below(caller, "SNS", { namespace: "aws" });
    const receiver = { ...segmentOf("prod-sentiment-analysis", id), parent_id: call.id };
    const work = [1, 2].map(() => below(receiver, "DynamoDB", { namespace: "aws" }));
    expect(judged([caller, call, receiver, ...work])).toEqual(
      expect.arrayContaining(["failed: 1, the best with 0 of 1 DynamoDB"]),
    );
  });

  test("a node that X-Ray infers of an untraced function is none of its segments", () => {
    const node = { ...segmentOf("prod-sentiment-analysis"), inferred: true };
    expect(judged([node])).toEqual(Array(JUDGED_SERVICES.length).fill("undecided: none"));
  });

  test("other environments are others", () => {
    expect(judged(soundRuns("preprod"))).toEqual(Array(JUDGED_SERVICES.length).fill("undecided: none"));
  });
});

describe("DEP-2 annotations", () => {
  const judged = (documents: readonly SegmentDocument[]) =>
    problems(judgeAnnotations("prod", traces(documents)));
  const changed = (change: (annotations: Record<string, string | number | boolean>) => object) =>
    soundRuns("prod").map((one) => ({ ...one, ...change({ ...one.annotations }) }));

  test("all of the contract's pass, and more do no harm", () => {
    expect(judged(changed((annotations) => ({ annotations: { ...annotations, extra: 1 } })))).toEqual([]);
  });

  test("an absent one, one of the wrong type and one among metadata are told", () => {
    const absent = changed(({ http_route: _, ...annotations }) => ({ annotations }));
    expect(judged(absent)).toEqual(["failed: no http_route"]);
    const mistyped = changed((annotations) => ({
      annotations: "item_count" in annotations ? { ...annotations, item_count: "7" } : annotations,
    }));
    expect(judged(mistyped)).toContain("failed: item_count is a string, not a number");
    const unindexed = changed(({ cache_hit, ...annotations }) => ({
      annotations,
      ...(cache_hit === undefined ? {} : { metadata: { default: { cache_hit } } }),
    }));
    expect(judged(unindexed)).toEqual(["failed: cache_hit is metadata, which cannot be searched"]);
  });

  test("without a trace nothing is decided", () => {
    expect(new Set(judged([]))).toEqual(new Set(["undecided: no trace"]));
  });
});

describe("E5 DEP-2 the gates as commands, recorded", () => {
  const gate = (name: string, content: object) =>
    runCommand(
      "gate",
      name,
      "--environment",
      "prod",
      "--recorded",
      recording(name, { ...about("traces", "prod"), ...content }),
    );

  test.each(["structure", "annotations"])("%s passes, fails and refuses", async (name) => {
    expect(await gate(name, recordedTraces(soundRuns("prod")))).toMatchObject({ code: 0 });
    const bare = JUDGED_SERVICES.map((service) => segmentOf(`prod-sentiment-${service}`));
    expect(await gate(name, recordedTraces(bare))).toMatchObject({ code: 1 });
    expect(await gate(name, { TraceSummaries: [], Traces: [] })).toMatchObject({ code: 3 });
  });

  test("a file of something else is refused", async () => {
    expect(await gate("structure", { Services: [] })).toMatchObject({ code: 2 });
    const bare = recording("bare", recordedTraces(soundRuns("prod")));
    for (const file of [recording("list", []), bare])
      expect(
        await runCommand("gate", "structure", "--environment", "prod", "--recorded", file),
      ).toMatchObject({ code: 2 });
  });
});

describe("E5 DEP-2 the gates as commands, against the lab's X-Ray", () => {
  let lab: GateLab;
  beforeAll(async () => {
    lab = await GateLab.start();
  });
  afterEach(() => lab.reset());
  afterAll(() => lab.stop());

  test("structure asks for each function, judges, and keeps what it read", async () => {
    lab.xray.receive(soundRuns("prod"));
    const kept = fileToWrite("kept.json");
    const ended = await lab.gateBeside("structure", "--environment", "prod", "--record", kept, "--json");
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout).findings).toHaveLength(JUDGED_SERVICES.length);
    const filters = lab.gateway.calls
      .filter(({ operation }) => operation === "GetTraceSummaries")
      .map(({ input }) => input["FilterExpression"]);
    expect(filters).toEqual(JUDGED_SERVICES.map((service) => `service("prod-sentiment-${service}")`));
    for (const name of ["structure", "annotations"])
      expect(await runCommand("gate", name, "--environment", "prod", "--recorded", kept)).toMatchObject({
        code: 0,
      });
  });

  test("what ran before the release does not count, live and recorded", async () => {
    const old = traceId(1800);
    lab.xray.receive(
      soundRuns("prod").map((one) => ({ ...one, trace_id: old, start_time: Date.now() / 1000 - 1800 })),
    );
    const released = ["--released", new Date(Date.now() - 900_000).toISOString()];
    const kept = fileToWrite("released.json");
    for (const name of ["structure", "annotations"]) {
      expect((await lab.gate(name, "--environment", "prod")).code).not.toBe(3);
      const after = await lab.gate(name, "--environment", "prod", ...released, "--record", kept);
      expect(after).toMatchObject({ code: 3 });
    }
    const again = ["gate", "structure", "--environment", "prod", "--recorded", kept];
    expect(await runCommand(...again, ...released)).toMatchObject({ code: 3 });
    expect(await runCommand(...again)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("since 20"),
    });
  });

  test("annotations fails on what X-Ray has", async () => {
    lab.xray.receive(
      [...soundRuns("prod"), segmentOf("prod-sentiment-sse")].map(({ annotations: _, ...one }) => one),
    );
    expect(await lab.gate("annotations", "--environment", "prod")).toMatchObject({ code: 1 });
  });

  test("an empty X-Ray decides nothing", async () => {
    expect(await lab.gate("structure", "--environment", "prod")).toMatchObject({ code: 3 });
  });

  test("denied: exit 2 and the permission", async () => {
    lab.refuse(403, "AccessDeniedException");
    expect(await lab.gate("structure", "--environment", "prod")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("xray:GetTraceSummaries"),
    });
  });

  test("throttled: asks again", async () => {
    lab.xray.receive(soundRuns("prod"));
    let refused = 0;
    lab.gateway.failWhen(() => {
      refused += 1;
      return refused === 1 ? { status: 429, code: "ThrottledException", message: "slow down" } : undefined;
    });
    expect(await lab.gate("structure", "--environment", "prod")).toMatchObject({ code: 0 });
  });
});
