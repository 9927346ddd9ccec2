import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import ts from "typescript";
import * as headers from "../../contract/headers";
import { type BrowserBuild, buildBrowser, LARGEST_CLIENT } from "../../tooling/browser/build";
import { inlineContract } from "../../tooling/browser/inline-contract";

const ROOT = resolve(__dirname, "..", "..");

let project: string;
let built: BrowserBuild;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "tracewright-package-"));
  const home = join(project, "node_modules", "@tracewright");
  mkdirSync(home, { recursive: true });
  built = await buildBrowser(ROOT, join(home, "browser"));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const code = (): string => readFileSync(join(built.directory, "sse-client.js"), "utf8");

test("CLI-1 the client is at most 3.2 KB, minified and compressed", () => {
  expect(built.compressed).toBeLessThanOrEqual(LARGEST_CLIENT);
  expect(built.compressed).toBeGreaterThan(1000);
});

test("CLI-1 the client uses fetch and no EventSource, and imports nothing", () => {
  expect(code()).toContain("fetch");
  expect(code()).not.toMatch(/EventSource\(|XMLHttpRequest|\bimport\b|\brequire\b/);
  const sources = readdirSync(join(ROOT, "browser")).filter((name) => name.endsWith(".ts"));
  for (const name of sources) {
    expect(readFileSync(join(ROOT, "browser", name), "utf8")).not.toMatch(/new EventSource\b/);
  }
});

test("FE-1 the client has the contract's header names, and nothing else of the contract", () => {
  for (const name of Object.values(headers.HEADERS)) expect(code()).toContain(name);
  expect(code()).not.toMatch(/access-control|max-?age|pollInterval/i);
});

test("building twice gives the same bytes", async () => {
  const first = code();
  await buildBrowser(ROOT, built.directory);
  expect(code()).toBe(first);
});

test("the package is a module without side effects and dependencies, and is not published by accident", () => {
  const manifest = JSON.parse(readFileSync(join(built.directory, "package.json"), "utf8"));
  expect(manifest).toMatchObject({ type: "module", sideEffects: false, private: true });
  expect(manifest).not.toHaveProperty("dependencies");
  expect(readdirSync(built.directory).filter((name) => !/\.(?:js|d\.ts)$/.test(name))).toEqual([
    "package.json",
  ]);
});

test("FE-3 the API's client comes with it and imports nothing", () => {
  const api = readFileSync(join(built.directory, "api.js"), "utf8");
  expect(api).not.toMatch(/\bimport\b|\brequire\b/);
  const program = `
    const { ApiClient, ApiError, newRoot } = await import("@tracewright/browser/api");
    const client = new ApiClient({ baseUrl: "http://127.0.0.1:9/v1" });
    const error = await client.call("health").catch((one) => one);
    console.log(error instanceof ApiError, error.code, /^Root=1-/.test(newRoot()));`;
  writeFileSync(join(project, "call.mjs"), program);
  const { stdout, stderr } = spawnSync(process.execPath, ["call.mjs"], { cwd: project, timeout: 20_000 });
  expect(stdout.toString()).toBe("true NETWORK_ERROR true\n");
  expect(stderr.toString()).toBe("");
});

test("importing it does nothing: it needs no page, no network and no randomness", () => {
  const program = `
    for (const name of ["fetch", "crypto", "document", "setTimeout", "performance", "TextDecoder"]) delete globalThis[name];
    const { openStream, createEventParser, StreamError } = await import("@tracewright/browser");
    console.log(typeof openStream, typeof createEventParser, typeof StreamError);`;
  writeFileSync(join(project, "import.mjs"), program);
  const { stdout, stderr } = spawnSync(process.execPath, ["import.mjs"], { cwd: project });
  expect([stdout.toString(), stderr.toString()]).toEqual(["function function function\n", ""]);
});

test("plain Node reads a stream with it", () => {
  const program = `
    import { createServer } from "node:http";
    import { openStream } from "@tracewright/browser";
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("id: 1\\ndata: hello\\n\\n");
    }).listen(0, "127.0.0.1", async () => {
      for await (const event of openStream("http://127.0.0.1:" + server.address().port)) {
        console.log(JSON.stringify(event));
        break;
      }
      server.close();
    });`;
  writeFileSync(join(project, "read.mjs"), program);
  const { stdout, stderr, status } = spawnSync(process.execPath, ["read.mjs"], {
    cwd: project,
    timeout: 20_000,
  });
  expect([stderr.toString(), status]).toEqual(["", 0]);
  expect(JSON.parse(stdout.toString())).toEqual({
    event: "message",
    data: "hello",
    id: "1",
    lastEventId: "1",
  });
});

describe("the declarations", () => {
  const problemsOf = (source: string, options: ts.CompilerOptions): readonly string[] => {
    const file = join(project, "use.mts");
    writeFileSync(file, source);
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      types: [],
      ...options,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  };
  const USE = `
    import { openStream, StreamError, type StreamEvent } from "@tracewright/browser";
    const stream = openStream("/s", { method: "POST", body: "{}", headers: async () => ({ a: "b" }), correlate: false });
    export async function read(): Promise<StreamEvent | undefined> {
      for await (const event of stream) return event;
      return undefined;
    }
    export const status = (error: unknown) => (error instanceof StreamError ? error.status : stream.state);`;

  test.each([
    ["Node", { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
    ["a bundler", { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
  ])("serve a strict project of %s", (_whose, options) => {
    expect(problemsOf(USE, { ...options, exactOptionalPropertyTypes: true, skipLibCheck: false })).toEqual(
      [],
    );
  });

  test("name what cannot be", () => {
    const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
    const wrong = USE.replace('body: "{}"', "body: new ReadableStream()").replace(
      "correlate: false",
      "corelate: 1",
    );
    expect(problemsOf(wrong, options).join("\n")).toMatch(/ReadableStream|corelate/);
  });

  test("of the API's client check the parts of a path", () => {
    const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
    const use = (call: string) => `
      import { ApiClient } from "@tracewright/browser/api";
      export const answer = new ApiClient({ baseUrl: "https://a.example/v1" }).call(${call});`;
    expect(problemsOf(use('"timeseries", { path: { ticker: "AAPL" } }'), options)).toEqual([]);
    expect(problemsOf(use('"timeseries"'), options)).not.toEqual([]);
    expect(problemsOf(use('"nothing"'), options)).not.toEqual([]);
  });

  test("say nothing of the contract", () => {
    for (const name of readdirSync(built.directory).filter((one) => one.endsWith(".d.ts"))) {
      expect(readFileSync(join(built.directory, name), "utf8")).not.toMatch(/contract\//);
    }
  });
});

describe("values of the contract are written in place of their names", () => {
  test("strings and numbers", () => {
    const source =
      'import { HEADERS, STREAM_CORS } from "../contract/headers";\nset(HEADERS.traceId, STREAM_CORS.maxAgeSeconds);';
    expect(inlineContract(source, "x.ts")).toBe('set("x-amzn-trace-id", 7200);');
  });

  test.each(["HEADERS", "HEADERS.nothing", "HEADERS.toString"])("and %s is refused, by its place", (use) => {
    const source = `import { HEADERS } from "../contract/headers";\nuse(${use});`;
    expect(() => inlineContract(source, "browser/x.ts")).toThrow(/^browser\/x\.ts: HEADERS/);
  });
});
