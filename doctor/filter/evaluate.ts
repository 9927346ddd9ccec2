import type { Segment } from "../xray/segment";
import { piecesOf } from "../xray/segment";
import { everyPiece, type Trace } from "../xray/trace";
import type { Filter, NodePattern, Subject, Value } from "./expression";
import type { Operator } from "./keywords";
import { type MapNode, type View, viewOfSegment } from "./view";

/** True, false, or `undefined` when it cannot be told without X-Ray. */
export type Truth = boolean | undefined;

type Test = (found: Value, wanted: Value) => boolean;

/** A test of two numbers; the grammar gives these operators no other values. */
function numbers(test: (found: number, wanted: number) => boolean): Test {
  return (found, wanted) => test(Number(found), Number(wanted));
}

/** A test of two texts; the grammar gives these operators no other values. */
function texts(test: (found: string, wanted: string) => boolean): Test {
  return (found, wanted) => test(String(found), String(wanted));
}

const TESTS: Readonly<Record<Operator, Test>> = {
  "=": (found, wanted) => found === wanted,
  "!=": (found, wanted) => found !== wanted,
  "<": numbers((found, wanted) => found < wanted),
  "<=": numbers((found, wanted) => found <= wanted),
  ">": numbers((found, wanted) => found > wanted),
  ">=": numbers((found, wanted) => found >= wanted),
  CONTAINS: texts((found, wanted) => found.includes(wanted)),
  BEGINSWITH: texts((found, wanted) => found.startsWith(wanted)),
  ENDSWITH: texts((found, wanted) => found.endsWith(wanted)),
};

function valuesOf(subject: Subject, view: View): readonly Value[] | undefined {
  if (subject.kind === "keyword") return view.values[subject.keyword];
  return subject.kind === "annotation" ? (view.annotations.get(subject.key) ?? []) : undefined;
}

function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

function negated(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

function some(truths: readonly Truth[]): Truth {
  return negated(every(truths.map(negated)));
}

function fits({ name, type, accountId }: NodePattern, node: MapNode): boolean {
  return (
    (name === undefined || name === node.name) &&
    (type === undefined || type === node.type) &&
    (accountId === undefined || accountId === node.accountId)
  );
}

function compared({ subject, operator, value }: Extract<Filter, { kind: "compares" }>, view: View): Truth {
  return valuesOf(subject, view)?.some(
    (found) => typeof found === typeof value && TESTS[operator](found, value),
  );
}

/** Whether one of these nodes is as the braces want it. */
function someNode(nodes: readonly MapNode[], where: Filter | undefined): Truth {
  return some(
    nodes.map(({ piece, root }) => where === undefined || evaluate(where, viewOfSegment(piece, root))),
  );
}

function edges({ source, destination }: Extract<Filter, { kind: "edge" }>, nodes: readonly MapNode[]) {
  const calls = new Set(
    nodes
      .filter((node) => fits(source, node))
      .flatMap(({ piece }) => [...piecesOf(piece)].map(({ id }) => id)),
  );
  return nodes.filter((node) => fits(destination, node) && calls.has(node.calledBy ?? ""));
}

/** Says whether a filter holds. Root causes, groups and JSON are X-Ray's own and cannot be told here. */
export function evaluate(filter: Filter, view: View): Truth {
  switch (filter.kind) {
    case "all":
      return every(filter.terms.map((term) => evaluate(term, view)));
    case "any":
      return some(filter.terms.map((term) => evaluate(term, view)));
    case "not":
      return negated(evaluate(filter.term, view));
    case "holds":
      return valuesOf(filter.subject, view)?.some((value) => value !== false);
    case "compares":
      return compared(filter, view);
    case "service":
      return (
        view.nodes &&
        someNode(
          view.nodes.filter((node) => fits(filter.node ?? {}, node)),
          filter.where,
        )
      );
    case "edge":
      return view.nodes && someNode(edges(filter, view.nodes), filter.where);
    case "cause":
    case "cause-json":
      return undefined;
  }
}

/** The segments and subsegments of a trace for which a filter holds, each looked at by itself. */
export function matchingPieces(filter: Filter, trace: Trace): readonly Segment[] {
  return [...everyPiece(trace)].filter((piece) => evaluate(filter, viewOfSegment(piece, false)) === true);
}
