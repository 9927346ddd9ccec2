import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

const ROOT = resolve(__dirname, "..", "..");
const DOCUMENTED = ["contract", "modules", "policies", "functions/runtime", "instruments"];

interface Source {
  readonly file: string;
  readonly parsed: ts.SourceFile;
}

function parse(file: string, text: string): Source {
  return { file, parsed: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
}

function sourcesBelow(folder: string): readonly Source[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => parse(join(folder, name), readFileSync(join(ROOT, folder, name), "utf8")));
}

function place({ file, parsed }: Source, node: ts.Node): string {
  return `${file}:${parsed.getLineAndCharacterOfPosition(node.getStart(parsed)).line + 1}`;
}

/** The prose before the tags of a node's JSDoc. */
function sentenceOf(node: ts.Node): string {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return docs.map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "").join("");
}

const isSentence = (text: string): boolean => /^\S[\s\S]*\S$/.test(text.trim()) && text.trim().length > 5;

function isExported(node: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function nameOf(node: ts.Statement): string {
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.map((one) => one.name.getText()).join(", ");
  }
  const { name } = node as ts.DeclarationStatement;
  return name?.getText() ?? "default";
}

/** Exported declarations without a sentence; further signatures of an overloaded function need none. */
function undocumentedExports(source: Source): readonly string[] {
  const exported = source.parsed.statements.filter(isExported);
  const documented = new Set(exported.filter((node) => isSentence(sentenceOf(node))).map(nameOf));
  return exported
    .filter((node) => !documented.has(nameOf(node)))
    .map((node) => `${place(source, node)}: ${nameOf(node)} has no JSDoc sentence`);
}

/** Members of exported `…Props` interfaces without a sentence or a stated default. */
function undocumentedProps(source: Source): readonly string[] {
  return source.parsed.statements
    .filter(ts.isInterfaceDeclaration)
    .filter((one) => isExported(one) && one.name.text.endsWith("Props"))
    .flatMap((one) => one.members.map((member) => ({ owner: one.name.text, member })))
    .flatMap(({ owner, member }) => {
      const name = `${place(source, member)}: ${owner}.${member.name?.getText() ?? "?"}`;
      const states = ts
        .getJSDocTags(member)
        .some((tag) => tag.tagName.text === "default" && ts.getTextOfJSDocComment(tag.comment)?.trim());
      return [
        ...(isSentence(sentenceOf(member)) ? [] : [`${name} has no JSDoc sentence`]),
        ...(states ? [] : [`${name} states no @default`]),
      ];
    });
}

describe("the public API is documented", () => {
  test.each(DOCUMENTED)("A8 every export of %s has a sentence", (folder) => {
    expect(sourcesBelow(folder).flatMap(undocumentedExports)).toEqual([]);
  });

  test("A8 every prop of a construct has a sentence and a default", () => {
    expect(sourcesBelow("modules").flatMap(undocumentedProps)).toEqual([]);
  });

  test("what lacks them is named by file and line", () => {
    const source = parse(
      "modules/planted.ts",
      [
        "export const bare = 1;",
        "/** A documented function. */",
        "export function fine(): void {}",
        "/** @returns nothing said */",
        "export function tagOnly(): void {}",
        "/** Props of a planted construct. */",
        "export interface PlantedProps {",
        "  readonly silent: string;",
        "  /** Said here. */",
        "  readonly noDefault: string;",
        "  /** Said as well. @default none */",
        "  readonly complete: string;",
        "}",
      ].join("\n"),
    );
    expect(undocumentedExports(source)).toEqual([
      "modules/planted.ts:1: bare has no JSDoc sentence",
      "modules/planted.ts:5: tagOnly has no JSDoc sentence",
    ]);
    expect(undocumentedProps(source)).toEqual([
      "modules/planted.ts:8: PlantedProps.silent has no JSDoc sentence",
      "modules/planted.ts:8: PlantedProps.silent states no @default",
      "modules/planted.ts:10: PlantedProps.noDefault states no @default",
    ]);
  });
});
