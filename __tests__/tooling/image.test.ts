import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..", "..");
const OWN = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
const FOREIGN = process.arch === "arm64" ? "linux/amd64" : "linux/arm64";
const EMULATOR = `/proc/sys/fs/binfmt_misc/${process.arch === "arm64" ? "qemu-x86_64" : "qemu-aarch64"}`;
const DIGEST = `sha256:${"a".repeat(64)}`;

describe("npm run image refuses", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tracewright-image-command-"));
    mkdirSync(join(folder, "function"));
    writeFileSync(join(folder, "function", "index.mjs"), "export const handler = () => 1;\n");
    writeFileSync(join(folder, "function", "metafile.json"), '{"inputs": {}, "outputs": {}}');
    writeFileSync(join(folder, "collector.zip"), "a zip");
    lock();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function lock(changes: { platform?: string; base?: object; collector?: object } = {}): void {
    const told = { what: "a stand-in", digest: DIGEST, checked: "2026-11-21", source: "this test" };
    const base = {
      name: "base",
      kind: "image",
      image: "127.0.0.1:1/base",
      tag: "22",
      ...told,
      ...changes.base,
    };
    const arn = "arn:aws:lambda:us-east-1:123456789012:layer:stand-in:1";
    const collector = { name: "collector", kind: "layer", arn, ...told, ...changes.collector };
    const text = JSON.stringify({ platform: changes.platform ?? OWN, pins: [base, collector] });
    writeFileSync(join(folder, "pins.lock.json"), text);
  }

  function image(args: readonly string[] = [], variables: Readonly<Record<string, string>> = {}) {
    const places = { lock: "pins.lock.json", function: "function", archive: "collector.zip", out: "out" };
    const options = Object.entries(places).flatMap(([name, place]) => [`--${name}`, join(folder, place)]);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join("tooling", "run.mjs"), "tooling/image/cli.ts", ...options, ...args],
      { cwd: ROOT, encoding: "utf8", env: { ...process.env, ...variables } },
    );
    return { status, stdout, stderr };
  }

  const UNKNOWN = { digest: null, checked: null, source: null, reason: "nobody has asked" };

  test.each(["base", "collector"])("SSE-A2 C6 a pin without digest, before anything is built: %s", (name) => {
    lock({ [name]: UNKNOWN });
    const ended = image();
    expect(ended).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        new RegExp(`${name}: found no digest \\(nobody has asked\\).*Next step: tracewright pins update`),
      ),
    });
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  test("a pin that is not there", () => {
    lock({ base: { name: "bass" } });
    expect(image()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("found no image base; expected one"),
    });
  });

  // Where an emulator is installed, every platform can be built.
  const withoutEmulator = existsSync(EMULATOR) ? test.skip : test;
  withoutEmulator("a platform this machine cannot run", () => {
    lock({ platform: FOREIGN });
    expect(image()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /platform: found \S+ on a machine that is \S+;.*because the build starts the coll/,
      ),
    });
  });

  test.each([
    ["the function", "function/index.mjs", "Next step: bundle the function"],
    ["what the bundle holds", "function/metafile.json", "Next step: bundle the function"],
    ["the archive", "collector.zip", "Next step: tracewright pins check --archives build/pins"],
  ])("a file that is missing: %s", (_title, file, next) => {
    rmSync(join(folder, file));
    const ended = image();
    expect(ended).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`${join(folder, file)}: found no such file`),
    });
    expect(ended.stderr).toContain(next);
  });

  test("C7 SSE-B11 a bundle with automatic instrumentation", () => {
    const inputs = {
      "node_modules/@opentelemetry/instrumentation-http/build/index.js": { bytesInOutput: 1 },
    };
    const outputs = { "index.mjs": { bytes: 1, inputs, imports: [], exports: [] } };
    writeFileSync(join(folder, "function", "metafile.json"), JSON.stringify({ inputs: {}, outputs }));
    expect(image()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("@opentelemetry/instrumentation-http: found in the bundle"),
    });
  });

  test("a machine without buildah, and says how to get it", () => {
    expect(image(["--target", "baseline"], { PATH: join(folder, "function") })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("buildah: found no such program; expected buildah 1.28 or newer"),
    });
  });

  test.each([
    ["an unknown target", ["--target", "debug"], /--target: found debug; expected release or baseline/],
    ["an unknown option", ["--latest"], /--latest/],
  ])("wrong usage: %s", (_title, args, message) => {
    expect(image(args)).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });

  test("nothing when asked for help", () => {
    expect(image(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("--target NAME") });
  });
});
