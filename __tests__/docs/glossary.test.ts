import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { HEADERS, STREAM_CORS } from "../../contract/headers";
import { ANNOTATIONS, STREAM_ANNOTATIONS, TRACE_LIMITS } from "../../contract/spans";
import { TRACES_AT_ONCE } from "../../doctor/xray/live";
import { KEPT_MS, LONGEST_WINDOW_MS } from "../../doctor/xray/window";

const ROOT = resolve(__dirname, "..", "..");
const PAGE = readFileSync(join(ROOT, "docs", "glossary.md"), "utf8");
const WORDS = new Map(
  [...PAGE.matchAll(/^\| (?!Word |---)(.+?) \| (.+) \|$/gm)].map(([, word = "", meaning = ""]) => [
    word,
    meaning,
  ]),
);
/** Questions with their answers. */
const ANSWERS = new Map(
  [...PAGE.matchAll(/\*\*(.+?\?)\*\* ([\s\S]+?)(?=\n\n|\n$)/g)].map(([, question = "", answer = ""]) => [
    question,
    answer.replace(/\s+/g, " "),
  ]),
);

const answerTo = (words: string): string => {
  const found = [...ANSWERS].filter(([question]) => question.includes(words));
  expect(found).toHaveLength(1);
  return found[0]?.[1] ?? "";
};

test("DOC-5 annotations are strings, numbers or booleans and indexed, metadata is not", () => {
  expect(WORDS.get("annotation")).toMatch(/string, number or boolean; indexed/);
  expect(WORDS.get("metadata")).toMatch(/any JSON.*never indexed/);
  expect(answerTo("annotation's value")).toMatch(/^A string, a number or a boolean\./);
  expect(answerTo("search for metadata")).toMatch(/^No\./);
  const kinds = Object.values({ ...ANNOTATIONS, ...STREAM_ANNOTATIONS }).map(
    (text) => text.split(":")[0] ?? "",
  );
  expect([...new Set(kinds)].sort()).toEqual(["boolean", "number", "string"]);
});

test("DOC-5 the X-Ray SDK is not in the runtime, so a function's bundle must contain it", async () => {
  expect(answerTo("part of Lambda's Node.js runtime")).toMatch(/^No\. .*bundle `aws-xray-sdk-core`/);
  const { metafile } = await build({
    entryPoints: [join(ROOT, "functions", "metrics", "handler.ts")],
    bundle: true,
    platform: "node",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.some((file) => file.includes("node_modules/aws-xray-sdk-core/"))).toBe(true);
  const bundling = readFileSync(join(ROOT, "modules", "function-bundle.ts"), "utf8");
  expect(bundling).not.toMatch(/external:.*aws-xray/);
});

test("DOC-5 its figures are those the code uses", () => {
  expect(WORDS.get("segment")).toContain(`${TRACE_LIMITS.documentBytes / 1024} KB`);
  expect(WORDS.get("trace header")?.toLowerCase()).toContain(HEADERS.traceId);
  expect(STREAM_CORS.requestHeaders).toContain(HEADERS.traceId);
  const limits = answerTo("How far back");
  expect(limits).toContain(`${KEPT_MS / 86_400_000} days`);
  expect(LONGEST_WINDOW_MS / 3_600_000).toBe(6);
  expect(limits).toContain("six hours in one search");
  expect(TRACES_AT_ONCE).toBe(5);
  expect(limits).toContain("five traces in one");
});

test("DOC-5 the questions people get wrong are answered right", () => {
  expect(answerTo("annotate the function's segment")).toMatch(/^No\. .*facade/);
  expect(answerTo("daemon in Lambda")).toMatch(/^No,/);
  expect(answerTo("Is Active tracing enough")).toContain("captured");
  expect(answerTo("rate 1")).toMatch(/^Not for certain\..*one request a second and 5 %/);
  expect(answerTo("keep all errors")).toMatch(/^No\./);
  expect(answerTo("make a segment by hand")).toContain("There is no `createSegment`");
  expect(answerTo("X-Ray answered 200")).toContain("UnprocessedTraceSegments");
  expect(ANSWERS.size).toBeGreaterThanOrEqual(12);
  expect(WORDS.size).toBeGreaterThanOrEqual(25);
});

test("DOC-5 the original wrong answers are nowhere in the docs", () => {
  const wrong = [
    /annotation values? (?:are|must be) (?:only )?strings?\b(?!,)/i,
    /SDK is (?:included|already|built) (?:in|into) the (?:Node|Lambda|runtime)/i,
    /AWSXRay\.createSegment/,
  ];
  for (const pattern of wrong) expect(PAGE).not.toMatch(pattern);
});

test("DOC-5 its links lead somewhere", () => {
  for (const [, link = ""] of PAGE.matchAll(/\]\(([^)#]+)\)/g))
    expect({ link, there: existsSync(join(dirname(join(ROOT, "docs", "glossary.md")), link)) }).toEqual({
      link,
      there: true,
    });
});
