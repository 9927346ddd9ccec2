import { LambdaControl, type LambdaOperation } from "../../../lab/runtime/lambda-control";
import { type Asked, onceBefore, STREAM, thrown, useLabCredentials, writesOf } from "./switch";

let control: LambdaControl;
const begin = async (variables?: Readonly<Record<string, string>>) => {
  control = await LambdaControl.start(variables);
};

beforeAll(useLabCredentials);
afterEach(() => control.stop());

describe("DEP-3 an alias", () => {
  const onLive = (asked: Asked = {}) => thrown(control, { alias: "live", ...asked });
  const variablesBehind = (alias: string) =>
    control.versions.get(control.aliases.get(alias)?.version ?? "")?.variables;

  beforeEach(async () => {
    await begin(STREAM);
    control.release("live");
  });

  test("gets a version with the switch; others stay and are named", async () => {
    control.release("blue");
    const { report } = await onLive();
    expect(report).toMatchObject({
      state: "done",
      alias: { name: "live", from: "1", to: "3" },
      otherAliases: ["blue"],
    });
    expect(variablesBehind("live")).toEqual({ ...STREAM, OTEL_SDK_DISABLED: "true" });
    expect(variablesBehind("blue")).toEqual(STREAM);
  });

  test("that moved meanwhile stays where it was put, and both ways out are told", async () => {
    control.release("other");
    onceBefore(control, "UpdateAlias", () => control.point("live", "2"));
    const { report } = await onLive();
    expect(report).toMatchObject({ state: "half-done" });
    expect(report.words).toContain("somebody else moved it from version 1 to 2 meanwhile");
    expect(report.waysOut).toEqual({
      finish: "tracewright kill-switch on --function checkout --alias live",
      undo: "tracewright kill-switch off --function checkout",
    });
    expect(control.aliases.get("live")?.version).toBe("2");
    control.before = () => undefined;
    expect((await onLive()).report).toMatchObject({ state: "done", changes: [] });
    expect(variablesBehind("live")).toMatchObject({ OTEL_SDK_DISABLED: "true" });
  });

  test("that was only touched meanwhile is moved all the same", async () => {
    onceBefore(control, "UpdateAlias", () => control.point("live", "1"));
    expect((await onLive()).report.state).toBe("done");
  });

  test("is not moved to what somebody else changed before publication", async () => {
    onceBefore(control, "PublishVersion", () => control.change({ TABLE: "elsewhere" }));
    const { report } = await onLive();
    expect(report.words).toContain("somebody else changed the function before its version was published");
    expect(variablesBehind("live")).toEqual(STREAM);
  });

  test.each<[string, () => void, string]>([
    ["other code", () => Object.assign(control.latest, { codeSha256: "code-2" }), "other code than $LATEST"],
    ["other variables", () => control.change({ TABLE: "next" }), "differ in TABLE"],
    [
      "a share of calls elsewhere",
      () => control.aliases.set("live", { version: "1", revision: "r", weights: { "2": 0.1 } }),
      "a deployment is going on",
    ],
  ])("is not moved when that would release %s", async (_, prepare, words) => {
    prepare();
    const { report } = await onLive();
    expect(report).toMatchObject({ state: "refused", words: expect.stringContaining(words) });
    expect(writesOf(control)).toEqual([]);
  });

  test.each<[string, () => void, string]>([
    [
      "code",
      () => Object.assign(control.latest, { codeSha256: "code-2", revision: "2" }),
      "other code than $LATEST",
    ],
    ["variables", () => control.change({ TABLE: "next" }), "differ in TABLE"],
  ])("is not moved to other %s that came just before the write", async (_, happen, words) => {
    onceBefore(control, "UpdateFunctionConfiguration", happen);
    const { report } = await onLive();
    expect(report).toMatchObject({ state: "half-done", words: expect.stringContaining(words) });
    expect(report.waysOut?.undo).toBe("tracewright kill-switch off --function checkout");
    expect(writesOf(control).slice(-1)).toEqual(["UpdateFunctionConfiguration"]);
    expect(variablesBehind("live")).toEqual(STREAM);
  });

  test("is moved only once its version can be called", async () => {
    control.versionSettlesAfter = 3;
    const { report, waits, said } = await onLive();
    expect({ state: report.state, waits }).toEqual({ state: "done", waits: 3 });
    expect(said).toEqual(["waiting until version 2 of checkout can be called"]);
    expect(variablesBehind("live")).toMatchObject({ OTEL_SDK_DISABLED: "true" });
  });

  test("is not moved to a version Lambda cannot run, whose reason is told", async () => {
    control.versionFails = "the image cannot be pulled";
    const { report } = await onLive();
    expect(report).toMatchObject({ state: "half-done", waysOut: expect.anything() });
    expect(report.words).toContain("version 2 is published");
    expect(report.words).toContain("Lambda cannot run version 2 (the image cannot be pulled)");
    expect(control.aliases.get("live")?.version).toBe("1");
  });

  test.each<LambdaOperation>(["UpdateFunctionConfiguration", "PublishVersion", "UpdateAlias"])(
    "waits while Lambda is too busy for %s, and takes nobody for a rival",
    async (busy) => {
      let refused = 0;
      control.before = (one) => {
        refused += one === busy ? 1 : 0;
        const message = "The function is in the following state: Pending";
        return one === busy && refused <= 5
          ? { status: 409, code: "ResourceConflictException", message }
          : undefined;
      };
      const { report, waits, said } = await onLive();
      expect({ state: report.state, waits }).toEqual({ state: "done", waits: 5 });
      expect(said).toEqual(["waiting until Lambda is done with an earlier change"]);
    },
  );

  test.each([1, Number.POSITIVE_INFINITY])(
    "whose move is not answered %d times is looked at again",
    async (times) => {
      let count = 0;
      control.silent = (one) => one === "UpdateAlias" && ++count <= times;
      expect((await onLive()).report).toMatchObject({ state: "done", alias: { to: "2" } });
    },
  );

  test.each<LambdaOperation>(["PublishVersion", "UpdateAlias"])(
    "half done when %s is denied: says so, and how to go on",
    async (denied) => {
      control.before = (one) =>
        one === denied ? { status: 403, code: "AccessDeniedException", message: "no" } : undefined;
      const { report } = await onLive();
      expect(report.state).toBe("half-done");
      expect(report.words).toContain(`lambda:${denied}`);
      expect(report.waysOut?.undo).toBe("tracewright kill-switch off --function checkout");
      expect(variablesBehind("live")).toEqual(STREAM);
      control.before = () => undefined;
      expect((await onLive()).report.state).toBe("done");
    },
  );
});
