import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

const ROOT = resolve(__dirname, "..", "..", "..");
const FOLDER = join("functions", "streaming");

/**
 * Where a caught error goes no further and is not recorded there, by file and function, and why the trace has it or
 * must not have it.
 */
const ON_RECORD: Readonly<Record<string, string>> = {
  "articles.ts:query": "returned as a value; the poll's record puts it on the span of its query",
  "connection.ts:release": "withSpan has recorded it on the span of the release",
  "handler.ts:?": "runs after every span has ended; the log has it",
  "leases.ts:conditional": "a lease somebody else holds is an answer, not an error; all others go on",
  "serve.ts:serve": "failed() records it on the stream's span, unless the client is to blame",
  "stream-metrics.ts:send": "withSpan has recorded it; the fallback line tells the rest (SF-3)",
  "stream.ts:#count": "awsCall has recorded it on the span of the call",
  "stream.ts:#poll": "the poll's own record has it, with its queries",
  "writer.ts:write": "a client that left is no error (SSE-F1)",
};

/** The name of the function a node stands in. */
function ownerOf(node: ts.Node): string {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) {
    if ((ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at)) && at.name !== undefined)
      return at.name.getText();
  }
  return "?";
}

/** True for statements that may leave their function with an answer. */
function mayReturn(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  return (
    ts.isReturnStatement(node) || ts.forEachChild(node, (child) => mayReturn(child) || undefined) === true
  );
}

/** True when a clause records first, or every way through it throws: `withSpan` around it records what leaves it. */
function goesOn({ block: { statements } }: ts.CatchClause): boolean {
  const [first] = statements;
  const last = statements.at(-1);
  if (first === undefined || last === undefined) return false;
  return (
    /^recordSpanError\(/.test(first.getText()) || (ts.isThrowStatement(last) && !statements.some(mayReturn))
  );
}

/** Catch clauses that end an error unrecorded, as `file:function`. */
function silentCatches(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCatchClause(node) && !goesOn(node)) found.push(`${file}:${ownerOf(node)}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test.each([
  ["function a() { try { b(); } catch {} }", ["x.ts:a"]],
  ["function a() { try { b(); } catch (e) { log(e); } }", ["x.ts:a"]],
  ["function a() { try { b(); } catch (e) { log(e); recordSpanError(span, e); } }", ["x.ts:a"]],
  ["function a() { try { b(); } catch (e) { if (c) throw e; } }", ["x.ts:a"]],
  ["function a() { try { b(); } catch (e) { if (c) return 1; throw e; } }", ["x.ts:a"]],
  ["function a() { try { b(); } catch (e) { recordSpanError(span, e); log(e); } }", []],
  ["function a() { try { b(); } catch (e) { count(); throw e; } }", []],
])("SF-5 planted: %s", (text, silent) => {
  expect(silentCatches("x.ts", text)).toEqual(silent);
});

test("SF-5 SC-100 every catch of the streaming function records first, rethrows, or has its reason here", () => {
  const silent = readdirSync(join(ROOT, FOLDER))
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => silentCatches(name, readFileSync(join(ROOT, FOLDER, name), "utf8")));
  expect([...silent].sort()).toEqual(Object.keys(ON_RECORD).sort());
});
