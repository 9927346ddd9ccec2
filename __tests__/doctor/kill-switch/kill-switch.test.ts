import fc from "fast-check";
import { LambdaControl, type LambdaOperation } from "../../../lab/runtime/lambda-control";
import { onceBefore, STREAM, thrown, useLabCredentials, writesOf } from "./switch";

let control: LambdaControl;
const begin = async (variables?: Readonly<Record<string, string>>) => {
  control = await LambdaControl.start(variables);
};

beforeAll(useLabCredentials);
afterEach(() => control.stop());

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
  expect(writesOf(control)).toEqual([]);
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
    expect(writesOf(control)).toEqual([]);
  });
});

describe("DEP-3 E4 a change by somebody else", () => {
  test("between reading and writing is detected, shown and kept", async () => {
    await begin(STREAM);
    onceBefore(control, "UpdateFunctionConfiguration", () => control.change({ TABLE: "items-2" }));
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
    expect(writesOf(control)).toEqual([]);
  });
});

describe("DEP-3 once a write was sent", () => {
  beforeEach(() => begin(STREAM));

  const READ = "GetFunctionConfiguration";
  const readsAfterwards = (status: number, code: string, times = Number.POSITIVE_INFINITY) => {
    let count = 0;
    control.before = (one) => {
      if (one !== READ || !writesOf(control).includes("UpdateFunctionConfiguration")) return undefined;
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
      if (one !== "UpdateFunctionConfiguration" && deaf(one) && writesOf(control).length > 0)
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
    expect(writesOf(control)).toEqual([]);
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
      control,
      "GetFunctionConfiguration",
      () => Object.assign(control.latest, { failed: "ImageDeleted" }),
      2,
    );
    const { report } = await thrown(control);
    expect(report).toMatchObject({ state: "half-done", words: expect.stringContaining("ImageDeleted") });
  });
});
