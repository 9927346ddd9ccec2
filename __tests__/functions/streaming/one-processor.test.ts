import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

const FUNCTIONS = resolve(__dirname, "..", "..", "..", "functions");

/** What makes a span processor, and what hands one to a provider: names of processors made, lengths of the lists. */
function processorsIn(text: string): {
  readonly made: readonly string[];
  readonly handed: readonly number[];
} {
  const source = ts.createSourceFile("a.ts", text, ts.ScriptTarget.Latest, true);
  const made: string[] = [];
  const handed: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && /SpanProcessor$/.test(node.expression.getText()))
      made.push(node.expression.getText());
    if (ts.isCallExpression(node) && /addSpanProcessor$/.test(node.expression.getText())) handed.push(1);
    if (ts.isClassDeclaration(node) && /SpanProcessor/.test(node.heritageClauses?.[0]?.getText() ?? ""))
      made.push(node.name?.text ?? "?");
    if (ts.isPropertyAssignment(node) && node.name.getText() === "spanProcessors")
      handed.push(
        ts.isArrayLiteralExpression(node.initializer) ? node.initializer.elements.length : Number.NaN,
      );
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { made, handed };
}

test("DAT-4 a second processor is found however it comes", () => {
  expect(processorsIn("new TracerProvider({ spanProcessors: [a, new RedactingSpanProcessor()] })")).toEqual({
    made: ["RedactingSpanProcessor"],
    handed: [2],
  });
  expect(processorsIn("provider.addSpanProcessor(a)").handed).toEqual([1]);
  expect(processorsIn("new TracerProvider({ spanProcessors: list })").handed).toEqual([Number.NaN]);
  expect(processorsIn("class Redact implements SpanProcessor {}").made).toEqual(["Redact"]);
});

test("DAT-4 exactly one span processor is made, and it alone is handed to the provider", () => {
  const found = readdirSync(FUNCTIONS, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => processorsIn(readFileSync(join(FUNCTIONS, name), "utf8")));
  expect(found.flatMap(({ made }) => made)).toEqual(["BatchSpanProcessor"]);
  expect(found.flatMap(({ handed }) => handed)).toEqual([1]);
});
