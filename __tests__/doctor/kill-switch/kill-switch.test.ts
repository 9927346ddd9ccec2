import fc from "fast-check";
import { LambdaControl, type LambdaOperation } from "../../../lab/runtime/lambda-control";
import { type Asked, thrown } from "./switch";

const STREAM = { OTEL_SDK_DISABLED: "false", TABLE: "items", API_KEY: "s3cret" };

let control: LambdaControl;
const begin = async (variables?: Readonly<Record<string, string>>) => {
  control = await LambdaControl.start(variables);
};

beforeAll(() => {
  process.env["AWS_ACCESS_KEY_ID"] = "lab";
  process.env["AWS_SECRET_ACCESS_KEY"] = "lab";
});
afterEach(() => control.stop());

/** Lets something happen before the n-th call of an operation. */
const onceBefore = (operation: LambdaOperation, happen: () => void, nth = 1) => {
  let count = 0;
  control.before = (one) => {
    if (one === operation) {
      count += 1;
      if (count === nth) happen();
    }
    return undefined;
  };
};

const writes = () => control.operations.filter((one) => /Update|Publish/.test(one));

describe("DEP-3 E4 other variables", () => {
  const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{1,20}$/);
  const value = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.constant(""),
    fc.constant("true"),
  );
  const variables = fc
    .dictionary(name, value, { maxKeys: 12, noNullPrototype: true })
    .filter((map) => Buffer.byteLength(JSON.stringify(map)) < 3900);

  test("survive byte for byte, there and back", async () => {
    await begin({});
    await fc.assert(
      fc.asyncProperty(variables, async (map) => {
        control.latest.variables = { ...map };
        await thrown(control);
        expect(control.latest.variables).toEqual({ ...map, OTEL_SDK_DISABLED: "true" });
        await thrown(control, { position: "off" });
        expect(control.latest.variables).toEqual({ ...map, OTEL_SDK_DISABLED: "false" });
      }),
      { numRuns: 60 },
    );
  });

  test.each<[string, Record<string, string>]>([
    ["names of JavaScript's own", { constructor: "a", toString: "b", hasOwnProperty: "c" }],
    ["empty values, line breaks and emoji", { EMPTY: "", LINES: "a\r\nb\t", FACE: "👩‍👩‍👧 ñ \u2028" }],
    ["almost 4 KB", { BIG: "x".repeat(4000) }],
  ])("survive: %s", async (_, map) => {
    await begin({ ...map, OTEL_SDK_DISABLED: "false" });
    expect((await thrown(control)).report.state).toBe("done");
    expect(control.latest.variables).toEqual({ ...map, OTEL_SDK_DISABLED: "true" });
  });

  test("are never told", async () => {
    await begin(STREAM);
    expect(JSON.stringify(await thrown(control, { dryRun: true }))).not.toContain("s3cret");
    expect(JSON.stringify(await thrown(control))).not.toContain("s3cret");
  });
});

test("DEP-3 E4 a dry run shows the change and writes nothing", async () => {
  await begin(STREAM);
  control.release("live");
  const { report } = await thrown(control, { dryRun: true, alias: "live" });
  expect(report).toMatchObject({
    state: "planned",
    changes: [{ variable: "OTEL_SDK_DISABLED", from: "false", to: "true" }],
    otherVariables: 2,
    alias: { name: "live", from: "1", to: undefined },
  });
  expect(writes()).toEqual([]);
});

describe("DEP-3 which variable", () => {
  test.each<[string, Record<string, string> | undefined, Record<string, string>]>([
    ["of OpenTelemetry", STREAM, { ...STREAM, OTEL_SDK_DISABLED: "true" }],
    [
      "of Powertools",
      { POWERTOOLS_TRACE_ENABLED: "true", A: "1" },
      { POWERTOOLS_TRACE_ENABLED: "false", A: "1" },
    ],
    [
      "of both",
      { POWERTOOLS_TRACE_ENABLED: "true", OTEL_SDK_DISABLED: "false" },
      { POWERTOOLS_TRACE_ENABLED: "false", OTEL_SDK_DISABLED: "true" },
    ],
    ["of a function without variables", undefined, { OTEL_SDK_DISABLED: "true" }],
    ["with a value of its own", { OTEL_SDK_DISABLED: "s3cret" }, { OTEL_SDK_DISABLED: "true" }],
  ])("%s", async (_, before, after) => {
    await begin(before);
    const { report } = await thrown(control);
    expect(report.state).toBe("done");
    expect(control.latest.variables).toEqual(after);
    expect(JSON.stringify(report)).not.toContain("s3cret");
  });

  test("that stands so already is left alone", async () => {
    await begin({ OTEL_SDK_DISABLED: "true" });
    expect((await thrown(control)).report).toMatchObject({ state: "unchanged", changes: [] });
    expect(writes()).toEqual([]);
  });
});

describe("DEP-3 E4 a change by somebody else", () => {
  test("between reading and writing is detected, shown and kept", async () => {
    await begin(STREAM);
    onceBefore("UpdateFunctionConfiguration", () => control.change({ TABLE: "items-2" }));
    const { report, said } = await thrown(control);
    expect(report.state).toBe("done");
    expect(control.latest.variables).toEqual({ ...STREAM, TABLE: "items-2", OTEL_SDK_DISABLED: "true" });
    expect(said).toEqual(["somebody else changed checkout meanwhile (TABLE); that change stays"]);
  });

  test("that never stops is given up, and nothing is written", async () => {
    await begin(STREAM);
    control.before = (one) => {
      if (one === "UpdateFunctionConfiguration") control.change({ N: String(control.operations.length) });
      return undefined;
    };
    const { report } = await thrown(control);
    expect(report.state).toBe("refused");
    expect(report.words).toContain("CloudTrail's UpdateFunctionConfiguration tells who");
    expect(control.latest.variables?.["OTEL_SDK_DISABLED"]).toBe("false");
  });

  test("that is still being applied is waited for", async () => {
    await begin(STREAM);
    control.latest.settlesAfter = 3;
    control.settlesAfter = 4;
    control.release("live");
    const { report, waits, said } = await thrown(control, { alias: "live" });
    expect({ state: report.state, waits }).toEqual({ state: "done", waits: 7 });
    expect(said[0]).toContain("waiting until Lambda has applied");
  });

  test("that Lambda never applies ends undecided", async () => {
    await begin(STREAM);
    control.latest.settlesAfter = 1000;
    expect((await thrown(control)).report.state).toBe("unsettled");
    expect(writes()).toEqual([]);
  });
});

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
    onceBefore("UpdateAlias", () => control.point("live", "2"));
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
    onceBefore("UpdateAlias", () => control.point("live", "1"));
    expect((await onLive()).report.state).toBe("done");
  });

  test("is not moved to what somebody else changed before publication", async () => {
    onceBefore("PublishVersion", () => control.change({ TABLE: "elsewhere" }));
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
    expect(writes()).toEqual([]);
  });

  test.each<[string, () => void, string]>([
    [
      "code",
      () => Object.assign(control.latest, { codeSha256: "code-2", revision: "2" }),
      "other code than $LATEST",
    ],
    ["variables", () => control.change({ TABLE: "next" }), "differ in TABLE"],
  ])("is not moved to other %s that came just before the write", async (_, happen, words) => {
    onceBefore("UpdateFunctionConfiguration", happen);
    const { report } = await onLive();
    expect(report).toMatchObject({ state: "half-done", words: expect.stringContaining(words) });
    expect(report.waysOut?.undo).toBe("tracewright kill-switch off --function checkout");
    expect(writes().slice(-1)).toEqual(["UpdateFunctionConfiguration"]);
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

describe("DEP-3 once a write was sent", () => {
  beforeEach(() => begin(STREAM));

  const READ = "GetFunctionConfiguration";
  const readsAfterwards = (status: number, code: string, times = Number.POSITIVE_INFINITY) => {
    let count = 0;
    control.before = (one) => {
      if (one !== READ || !writes().includes("UpdateFunctionConfiguration")) return undefined;
      count += 1;
      return count <= times ? { status, code, message: "no" } : undefined;
    };
  };

  test.each([
    [403, "AccessDeniedException"],
    [429, "TooManyRequestsException"],
  ])("a read refused with %d %s is half done, with both ways out", async (status, code) => {
    readsAfterwards(status, code);
    const { report } = await thrown(control);
    expect(report).toMatchObject({
      state: "half-done",
      words: expect.stringContaining("the variables are written"),
      waysOut: {
        finish: "tracewright kill-switch on --function checkout",
        undo: "tracewright kill-switch off --function checkout",
      },
    });
    expect(report.words).toContain(code);
  });

  test("a throttled read is asked again", async () => {
    readsAfterwards(429, "TooManyRequestsException", 5);
    expect((await thrown(control)).report.state).toBe("done");
  });

  test.each([1, Number.POSITIVE_INFINITY])(
    "one that is not answered %d times is read back",
    async (times) => {
      let count = 0;
      control.silent = (one) => one === "UpdateFunctionConfiguration" && ++count <= times;
      const { report, said } = await thrown(control);
      expect({ state: report.state, said }).toEqual({ state: "done", said: [] });
      expect(control.latest.variables?.["OTEL_SDK_DISABLED"]).toBe("true");
    },
  );

  test.each<[string, (one: LambdaOperation) => boolean]>([
    ["cannot be read back", (one) => one === READ],
    ["has not arrived so far", () => false],
  ])("one that is not answered and %s is told as such", async (_, deaf) => {
    control.before = (one) => {
      if (one !== "UpdateFunctionConfiguration" && deaf(one) && writes().length > 0)
        return { status: 403, code: "AccessDeniedException", message: "no" };
      return one === "UpdateFunctionConfiguration"
        ? { status: 503, code: "ServiceException", message: "no" }
        : undefined;
    };
    const { report } = await thrown(control);
    expect(report).toMatchObject({ state: "half-done", waysOut: expect.anything() });
    expect(report.words).toContain("whether the variables are written is not known");
  });

  test("a later write that is refused does not hide the first", async () => {
    let count = 0;
    control.before = (one) => {
      if (one !== "UpdateFunctionConfiguration") return undefined;
      count += 1;
      return count > 1 ? { status: 403, code: "AccessDeniedException", message: "no" } : undefined;
    };
    control.settlesAfter = 1;
    // Somebody switches it back as soon as it is switched.
    control.silent = (one) => {
      if (one === "UpdateFunctionConfiguration" && count === 1)
        control.change({ OTEL_SDK_DISABLED: "false" });
      return false;
    };
    const { report } = await thrown(control);
    expect(report).toMatchObject({
      state: "half-done",
      words: expect.stringContaining("the variables are written"),
    });
  });
});

describe("DEP-3 what cannot be switched", () => {
  test("variables that cannot be decrypted are never written back", async () => {
    await begin(STREAM);
    control.latest.unreadable = "AccessDeniedException";
    await expect(thrown(control)).rejects.toThrow(/cannot be read \(AccessDeniedException\).*kms:Decrypt/);
    expect(writes()).toEqual([]);
  });

  test("a map beyond 4 KB is refused by Lambda and stays", async () => {
    const full = { BIG: "x".repeat(4085) };
    await begin(full);
    await expect(thrown(control)).rejects.toThrow(/4KB limit/);
    expect(control.latest.variables).toEqual(full);
    expect((await thrown(control, { dryRun: true })).report.bytes).toBeGreaterThan(4096);
  });

  test("a change Lambda cannot apply is half done", async () => {
    await begin(STREAM);
    onceBefore(
      "GetFunctionConfiguration",
      () => Object.assign(control.latest, { failed: "ImageDeleted" }),
      2,
    );
    const { report } = await thrown(control);
    expect(report).toMatchObject({ state: "half-done", words: expect.stringContaining("ImageDeleted") });
  });
});
