import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { STREAM_ANNOTATIONS, STREAM_METADATA } from "../../../contract/spans";

const ROOT = resolve(__dirname, "..", "..", "..");

/** Every TypeScript file of a folder, by its path from the repository's root. */
function sourcesIn(folder: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => [join(folder, name), readFileSync(join(ROOT, folder, name), "utf8")] as const),
  );
}

const FUNCTIONS = sourcesIn("functions");

/** Files in which a pattern is found. */
function filesWith(pattern: RegExp, sources: ReadonlyMap<string, string> = FUNCTIONS): readonly string[] {
  return [...sources].filter(([, text]) => pattern.test(text)).map(([file]) => file);
}

const EXIT_HOOK =
  /process\s*\.\s*(?:on|once|addListener|prependListener)\s*\(\s*["'`](?:exit|beforeExit|SIG\w+)/;

test("SSE-B9 no function hooks on to the end of its process", () => {
  expect(EXIT_HOOK.test('process.once("SIGTERM", () => provider.shutdown())')).toBe(true);
  expect(filesWith(EXIT_HOOK)).toEqual([]);
});

test("SSE-B8 nothing makes a provider, processor or exporter but the module that is loaded once", () => {
  const made = /new (?:\w*TracerProvider|BatchSpanProcessor|OTLPTraceExporter)\(/;
  expect(filesWith(made)).toEqual([join("functions", "runtime", "streaming-tracing", "provider.ts")]);
  expect([...filesWith(/\bstartTracing\(/)].sort()).toEqual([
    join("functions", "runtime", "streaming-tracing", "provider.ts"),
    join("functions", "runtime", "streaming-tracing", "tracing.ts"),
  ]);
});

test("ANN-3 no module logs latencies or cache figures: spans and metrics have them", () => {
  const modules = [...FUNCTIONS.keys()].filter((file) => /(?:latency|cache)[-_]?logger/i.test(file));
  expect(modules).toEqual([]);
  expect(filesWith(/\b(?:latency|cache)_?logger\b/i)).toEqual([]);
});

test("CORR-1 nothing makes correlation ids: there is the trace's and no other", () => {
  const maker = /(?:generate|make|new|create|get)_?correlation_?id|correlation_?id\s*[:=]\s*(?:`|.*\+)/i;
  expect(maker.test("const correlationId = `${source}-${requestId}`;")).toBe(true);
  expect(filesWith(maker)).toEqual([]);
});

/** The keys of object literals that become attributes, and of `setAttribute` calls, in the streaming function. */
function attributeKeys(file: string, text: string): readonly string[] {
  const keys: string[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const literal = (node: ts.Node): void => {
    if (ts.isConditionalExpression(node)) {
      literal(node.whenTrue);
      literal(node.whenFalse);
    } else if (ts.isParenthesizedExpression(node)) literal(node.expression);
    else if (ts.isObjectLiteralExpression(node)) node.properties.forEach(property);
  };
  const property = (node: ts.ObjectLiteralElementLike): void => {
    if (ts.isSpreadAssignment(node)) literal(node.expression);
    else if (node.name !== undefined && !ts.isComputedPropertyName(node.name)) keys.push(node.name.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === "attributes") literal(node.initializer);
    if (ts.isVariableDeclaration(node) && node.name.getText() === "attributes" && node.initializer) {
      literal(node.initializer);
    }
    if (ts.isCallExpression(node) && /\.setAttributes?$/.test(node.expression.getText())) {
      const [first] = node.arguments;
      if (first !== undefined && ts.isStringLiteral(first)) keys.push(first.text);
      else if (first !== undefined) literal(first);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return keys;
}

const STREAMING = [...FUNCTIONS].filter(
  ([file]) => file.startsWith(join("functions", "streaming")) || file.includes("streaming-tracing"),
);

test("DAT-3 no attribute of the streaming function has a key outside the contract", () => {
  const known = new Set([...Object.keys(STREAM_ANNOTATIONS), ...Object.keys(STREAM_METADATA)]);
  const used = STREAMING.flatMap(([file, text]) => attributeKeys(file, text));
  expect(used).toEqual(
    expect.arrayContaining(["http_status", "client_disconnected", "cache_hit", "rpc.method"]),
  );
  expect(used.filter((key) => !known.has(key))).toEqual([]);
  expect(
    attributeKeys("planted.ts", 'span.setAttributes({ client_disconnected: true, user_agent: "x" });'),
  ).toEqual(["client_disconnected", "user_agent"]);
});

test("DAT-2 DAT-3 every key the contract promises of the streaming function is somewhere in its code", () => {
  const code = STREAMING.map(([, text]) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")).join("\n");
  const promised = [...Object.keys(STREAM_ANNOTATIONS), ...Object.keys(STREAM_METADATA)];
  expect(promised.filter((key) => !new RegExp(`\\b${key}\\b`).test(code))).toEqual([]);
});
