import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { bundleFaults } from "../../containers/sse/bundle-faults";

describe("C7 the streaming function's bundle", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tracewright-bundle-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Faults of a bundle that imports packages, each given by the folder its copy is in. */
  function faultsOf(
    imports: string,
    packages: readonly string[],
    external: readonly string[] = [],
  ): readonly string[] {
    for (const folder of packages) {
      const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
      const nested = folder.startsWith("node_modules/a/") ? "" : `import "${name}";`;
      const files = {
        "package.json": JSON.stringify({ name, version: "1.0.0", main: "index.js" }),
        "index.js": `console.log("${folder}");`,
      };
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(join(root, folder), { recursive: true });
        writeFileSync(join(root, folder, file), text);
      }
      if (nested === "") writeFileSync(join(root, "node_modules/a/index.js"), `import "${name}";`);
    }
    const entry = join(root, "index.ts");
    mkdirSync(dirname(entry), { recursive: true });
    writeFileSync(entry, imports);
    const { metafile } = buildSync({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      write: false,
      outfile: "index.mjs",
      format: "esm",
      platform: "node",
      external: [...external],
      metafile: true,
    });
    return bundleFaults(metafile);
  }

  test("one copy of each OpenTelemetry package is fine", () => {
    const faults = faultsOf(
      'import "@opentelemetry/core"; import "@opentelemetry/api"; import "node:http";',
      ["node_modules/@opentelemetry/core", "node_modules/@opentelemetry/api"],
    );
    expect(faults).toEqual([]);
  });

  test.each([
    "@opentelemetry/instrumentation-http",
    "@opentelemetry/instrumentation",
    "@opentelemetry/auto-instrumentations-node",
    "aws-xray-sdk-core",
    "aws-xray-sdk",
    "@aws-lambda-powertools/tracer",
    "import-in-the-middle",
  ])("SSE-B11 %s is refused", (name) => {
    const faults = faultsOf(`import "${name}";`, [`node_modules/${name}`]);
    expect(faults).toEqual([
      expect.stringMatching(new RegExp(`^${name}: found in the bundle.*SSE-B11.*Next step`)),
    ]);
  });

  test("SSE-B11 instrumentation left outside the bundle is refused too", () => {
    const faults = faultsOf(
      'import "@opentelemetry/instrumentation-http";',
      [],
      ["@opentelemetry/instrumentation-http"],
    );
    expect(faults).toEqual([
      expect.stringContaining("@opentelemetry/instrumentation-http: found in the bundle"),
    ]);
  });

  test("SSE-B1 two copies of one OpenTelemetry package are refused", () => {
    const faults = faultsOf('import "a"; import "@opentelemetry/core";', [
      "node_modules/a",
      "node_modules/@opentelemetry/core",
      "node_modules/a/node_modules/@opentelemetry/core",
    ]);
    expect(faults).toEqual([
      expect.stringMatching(/^@opentelemetry\/core: found 2 copies \(.*a\/node_modules.*SSE-B1.*overrides/),
    ]);
  });

  test("what is imported but does not reach the bundle is no fault", () => {
    mkdirSync(join(root, "node_modules/aws-xray-sdk-core"), { recursive: true });
    writeFileSync(
      join(root, "node_modules/aws-xray-sdk-core/package.json"),
      '{"name": "aws-xray-sdk-core", "main": "index.js", "sideEffects": false}',
    );
    writeFileSync(join(root, "node_modules/aws-xray-sdk-core/index.js"), "export const unused = 1;");
    expect(faultsOf('import { unused } from "aws-xray-sdk-core"; export const handler = 1;', [])).toEqual([]);
  });
});
