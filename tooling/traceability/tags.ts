import ts from "typescript";
import { idsInComment } from "./identifiers";
import type { Citation } from "./titles";

/**
 * A script that proves a requirement where no test can: on real AWS, named as `[AWS] ID: path` in a comment, or by
 * measuring against a peer, named as `[BENCH] ID: path`.
 */
export interface Gate extends Citation {
  readonly kind: "AWS" | "BENCH";
  /** From the root of the repository. */
  readonly script: string;
}

/** What a source file says about requirements. */
export interface Tags {
  readonly citations: readonly Citation[];
  readonly gates: readonly Gate[];
}

interface Passage {
  readonly text: string;
  /** Line of its first character, counted from 1. */
  readonly line: number;
}

const GATE = /\[(AWS|BENCH)\]\s+([A-Z]+-?[A-Z]?\d+):\s+([\w./-]+\w)/g;

/** Comments of a TypeScript or JavaScript file, and string literals that are an id and nothing else. */
function passagesOfScript(file: string, source: string): readonly Passage[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    const comments = [
      ...(ts.getLeadingCommentRanges(source, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.end) ?? []),
    ];
    for (const { pos, end } of comments) found.set(pos, source.slice(pos, end));
    if (ts.isStringLiteralLike(node) && idsInComment(node.text)[0] === node.text) {
      found.set(node.getStart(), node.text);
    }
    // JSDoc belongs to its node's leading comments; every other child is a token or syntax with comments of its own.
    for (const child of node.getChildren(parsed)) if (!ts.isJSDoc(child)) visit(child);
  };
  visit(parsed);
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([pos, text]) => ({ text, line: parsed.getLineAndCharacterOfPosition(pos).line + 1 }));
}

/** Comments of a file whose comments start with `#`. */
function passagesOfOther(source: string): readonly Passage[] {
  return source.split("\n").flatMap((content, index) => {
    const text = /(?:^|\s)#(.*)$/.exec(content)?.[1];
    return text === undefined ? [] : [{ text, line: index + 1 }];
  });
}

/**
 * Reads which requirements a source file serves, and which scripts prove one on real AWS.
 *
 * @param file name; its ending decides how comments look
 */
export function tagsIn(file: string, source: string): Tags {
  const script = /\.[cm]?[jt]s$/.test(file);
  const passages = script ? passagesOfScript(file, source) : passagesOfOther(source);
  const lineOf = (passage: Passage, offset: number): number =>
    passage.line + passage.text.slice(0, offset).split("\n").length - 1;
  return {
    citations: passages.flatMap((passage) =>
      idsInComment(passage.text).map((id) => ({ id, line: lineOf(passage, passage.text.indexOf(id)) })),
    ),
    gates: passages.flatMap((passage) =>
      [...passage.text.matchAll(GATE)].map(({ 1: kind, 2: id = "", 3: script = "", index }) => ({
        kind: kind === "BENCH" ? ("BENCH" as const) : ("AWS" as const),
        id,
        script,
        line: lineOf(passage, index),
      })),
    ),
  };
}
