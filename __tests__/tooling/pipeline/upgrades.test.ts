import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgePin, readActionPins } from "../../../tooling/pipeline/action-pins";
import { mixedIn, upgradesIn } from "../../../tooling/pipeline/upgrade-scope";
import { Checkout } from "../../support/checkout";

const PINS = "containers/sse/pins.lock.json";
const OTEL = "@opentelemetry/sdk-trace";

describe("DEP-6 an upgrade of tracing travels alone", () => {
  test.each([
    ["another version of OpenTelemetry", { [OTEL]: "2.12.0" }, { [OTEL]: "2.13.0" }, [], [OTEL]],
    ["a collector pin", {}, {}, [PINS], [PINS]],
    ["another version of something else", { hono: "4.0.0" }, { hono: "4.1.0" }, [], []],
    ["a package that is new", {}, { [OTEL]: "2.12.0" }, [], []],
    ["nothing", { [OTEL]: "2.12.0" }, { [OTEL]: "2.12.0" }, ["functions/a.ts"], []],
  ])("DEP-6 %s", (_title, before, after, files, upgrades) => {
    expect(upgradesIn({ files, before, after })).toEqual(upgrades);
  });

  test("DEP-6 application code beside it is refused; tests, documents and the manifest are not", () => {
    const files = [
      "functions/a.ts",
      "contract/b.ts",
      "__tests__/c.test.ts",
      "docs/d.md",
      "package.json",
      PINS,
    ];
    expect(mixedIn({ files, before: {}, after: {} })).toEqual(["contract/b.ts", "functions/a.ts"]);
    expect(mixedIn({ files: files.slice(0, -1), before: {}, after: {} })).toEqual([]);
  });
});

describe("npm run upgrade:scope, in a repository", () => {
  const checkout = new Checkout();
  afterAll(() => checkout.remove());
  const git = (...args: readonly string[]) =>
    checkout.run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
  const run = (...args: readonly string[]) =>
    checkout.run(process.execPath, ["tooling/run.mjs", "tooling/pipeline/upgrade-scope-cli.ts", ...args]);
  const commit = (message: string) => {
    git("add", "--all", "--", ".", ":!node_modules", ":!build");
    expect(git("commit", "--quiet", "--message", message).code).toBe(0);
  };

  test("DEP-6 an upgrade passes alone, and fails once code joins it", () => {
    git("init", "--quiet", "--initial-branch", "main");
    commit("base");
    git("checkout", "--quiet", "-b", "change");
    checkout.edit("package.json", /"@opentelemetry\/core": "[\d.]+"/, '"@opentelemetry/core": "9.9.9"');
    commit("upgrade");
    expect(run("--base", "main")).toMatchObject({ code: 0, stdout: "upgrade alone: @opentelemetry/core\n" });
    checkout.write("functions/metrics/more.ts", "export const more = 1;\n");
    commit("and code");
    const mixed = run("--base", "main");
    expect(mixed.code).toBe(1);
    expect(mixed.stderr).toMatch(
      /found an upgrade of @opentelemetry\/core together with functions\/metrics\/more\.ts; expected/,
    );
    expect(mixed.stderr).toMatch(/Next step: make two changes/);
  });

  test("a base that does not exist is wrong usage", () => {
    expect(run("--base", "nowhere")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("merge-base nowhere"),
    });
    expect(run()).toMatchObject({ code: 2, stderr: expect.stringContaining("--base is needed") });
  });
});

describe("pinned actions", () => {
  const commit = "a".repeat(40);
  const pin = { repository: "some/action", version: "v1.2.3", commit, source: "2026-11-21: a test" };
  const tag = "refs/tags/v1.2.3";

  test.each([
    ["the same commit", `${commit}\t${tag}\n`, "holds"],
    ["an annotated tag of the same commit", `${"b".repeat(40)}\t${tag}\n${commit}\t${tag}^{}\n`, "holds"],
    ["another commit", `${"b".repeat(40)}\t${tag}\n`, "moved"],
    ["no such tag", "", "gone"],
    ["no answer", undefined, "unknown"],
  ])("%s: %s", (_title, answer, state) => {
    expect(judgePin(pin, answer).state).toBe(state);
  });

  describe("npm run workflow:pins, asking real repositories", () => {
    const folder = mkdtempSync(join(tmpdir(), "tracewright-pins-"));
    const checkout = new Checkout();
    afterAll(() => {
      rmSync(folder, { recursive: true });
      checkout.remove();
    });
    const repository = join(folder, "some", "action");
    const lock = join(folder, "lock.json");
    const git = (...args: readonly string[]) =>
      checkout.run("git", ["-C", repository, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
    const pinned = (change: object) =>
      writeFileSync(lock, JSON.stringify({ actions: [{ ...pin, ...change }] }));
    const run = () =>
      checkout.run(process.execPath, [
        ...["tooling/run.mjs", "tooling/pipeline/action-pins-cli.ts", "--lock", lock],
        ...["--from", `file://${folder}`],
      ]);

    test("a pin holds until its tag moves; a repository that does not answer decides nothing", () => {
      mkdirSync(repository, { recursive: true });
      git("init", "--quiet");
      git("commit", "--quiet", "--allow-empty", "--message", "one");
      git("tag", "--annotate", "v1.2.3", "--message", "release");
      pinned({ commit: git("rev-parse", "HEAD").stdout.trim() });
      expect(run()).toMatchObject({ code: 0, stdout: "holds    some/action v1.2.3\n" });
      pinned({});
      expect(run()).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/^moved .* is [0-9a-f]{40} now\n$/),
      });
      pinned({ version: "v9.9.9" });
      expect(run()).toMatchObject({ code: 1, stdout: expect.stringContaining("gone") });
      pinned({ repository: "nobody/here" });
      expect(run()).toMatchObject({ code: 3, stdout: expect.stringContaining("did not answer") });
    });

    test("a lock that is none is refused by place", () => {
      pinned({ commit: "v1" });
      expect(() => readActionPins(lock)).toThrow(/actions\.0\.commit: found .* expected 40 hex digits/);
      expect(run()).toMatchObject({ code: 2, stderr: expect.stringContaining("actions.0.commit") });
    });
  });
});
