import ts from "typescript";

/** Titles of the tests and suites in a source, as written. */
export function titlesOf(source: string): readonly string[] {
  const parsed = ts.createSourceFile("a.test.ts", source, ts.ScriptTarget.Latest, true);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(?:test|it|describe)/.test(node.expression.getText())) {
      const title = node.arguments.find(ts.isStringLiteralLike);
      if (title !== undefined) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return titles;
}
