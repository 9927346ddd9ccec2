import ts from "typescript";
import { idsInTitle } from "./identifiers";

/** An id found somewhere. */
export interface Citation {
  readonly id: string;
  /** Counted from 1. */
  readonly line: number;
}

/** An id in the title of a test or suite. */
export interface TestCitation extends Citation {
  /** As written; expressions inside a template are shown as `${…}`. */
  readonly title: string;
  /** False below `skip` and `todo`, which prove nothing. */
  readonly runs: boolean;
}

const TEST_FUNCTION = /^(?:test|it|describe\w*)$/;
const NOT_RUN = ["skip", "todo"];
const PLACEHOLDER = /%[a-z]|\$\w/i;

/** The text of a literal, template or concatenation; `undefined` for anything computed. */
function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => `\${…}${span.literal.text}`).join("");
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === undefined && right === undefined ? undefined : (left ?? "${…}") + (right ?? "${…}");
  }
  return undefined;
}

/** What a call chain such as `test.each(table)` is made of: the names, and the table if it is written in place. */
function chainOf(callee: ts.Expression): { names: readonly string[]; table: ts.Node | undefined } {
  if (ts.isIdentifier(callee)) return { names: [callee.text], table: undefined };
  if (ts.isPropertyAccessExpression(callee)) {
    const { names, table } = chainOf(callee.expression);
    return { names: [...names, callee.name.text], table };
  }
  if (ts.isCallExpression(callee)) {
    const { names } = chainOf(callee.expression);
    return { names, table: names.at(-1) === "each" ? callee.arguments[0] : undefined };
  }
  return ts.isTaggedTemplateExpression(callee) ? chainOf(callee.tag) : { names: [], table: undefined };
}

/** Ids that start a text in a table, because such a text becomes part of the title. */
function idsInTable(table: ts.Node): readonly string[] {
  if (ts.isStringLiteralLike(table)) return idsInTitle(table.text).filter((id) => table.text.startsWith(id));
  const found: string[] = [];
  ts.forEachChild(table, (child) => {
    if (!ts.isFunctionLike(child)) found.push(...idsInTable(child));
  });
  return found;
}

/**
 * Ids in the titles of `test`, `it`, `describe` and suite helpers whose name starts with `describe`; where the title
 * of a `test.each` has a placeholder, also ids that start a text of its table.
 *
 * @param file name, for the parser
 * @param source TypeScript
 */
export function titlesIn(file: string, source: string): readonly TestCitation[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: TestCitation[] = [];
  const visit = (node: ts.Node, runs: boolean): void => {
    let below = runs;
    if (ts.isCallExpression(node)) {
      const { names, table } = chainOf(node.expression);
      const title = node.arguments.map(textOf).find((text) => text !== undefined);
      if (TEST_FUNCTION.test(names[0] ?? "") && title !== undefined) {
        below = runs && !names.some((name) => NOT_RUN.includes(name));
        const tabled = table !== undefined && PLACEHOLDER.test(title) ? idsInTable(table) : [];
        const line = parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        const ids = new Set([...idsInTitle(title), ...tabled]);
        found.push(...[...ids].map((id) => ({ id, line, title, runs: below })));
      }
    }
    ts.forEachChild(node, (child) => visit(child, below));
  };
  visit(parsed, true);
  return found;
}
