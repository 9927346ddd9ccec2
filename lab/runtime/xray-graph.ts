import type { SegmentDocument } from "./xray-daemon";
import type { KeptTrace } from "./xray-traces";

/** A node of a service graph, in the words of the X-Ray API. */
interface GraphService {
  readonly ReferenceId: number;
  readonly Name: string;
  readonly Names: readonly string[];
  readonly Type?: string;
  readonly Root: boolean;
  readonly State: "active";
  readonly Edges: readonly { readonly ReferenceId: number }[];
}

/** Whether X-Ray draws a node for a document: for a service's own segment, and for each call to another. */
function isNode({ parent_id, namespace }: SegmentDocument, inside: boolean): boolean {
  return namespace !== undefined || (parent_id === undefined && !inside);
}

interface Visit {
  readonly document: SegmentDocument;
  readonly inside: boolean;
}

function visits(document: SegmentDocument, inside = false): readonly Visit[] {
  const children = (document.subsegments ?? []).flatMap((child) => visits(child, true));
  return [{ document, inside }, ...children];
}

/** The nodes and edges X-Ray would draw of some traces; edges lead from a segment to the calls of its own trace. */
export function graphOf(traces: readonly KeptTrace[]): readonly GraphService[] {
  const names: string[] = [];
  const numberOf = (name: string) => {
    if (!names.includes(name)) names.push(name);
    return names.indexOf(name);
  };
  const edges = new Map<number, Set<number>>();
  const types = new Map<number, string>();
  for (const { documents } of traces) {
    const nodes = documents
      .flatMap((document) => visits(document))
      .filter(({ document, inside }) => isNode(document, inside))
      .map(({ document }) => document);
    const root = nodes.find(({ namespace }) => namespace === undefined);
    for (const document of nodes) {
      const number = numberOf(document.name);
      if (document.namespace !== undefined) types.set(number, document.namespace);
      if (root === undefined || root === document) continue;
      const from = numberOf(root.name);
      edges.set(from, (edges.get(from) ?? new Set()).add(number));
    }
  }
  const reached = new Set([...edges.values()].flatMap((numbers) => [...numbers]));
  return names.map((Name, ReferenceId) => {
    const Type = types.get(ReferenceId);
    return {
      ReferenceId,
      Name,
      Names: [Name],
      ...(Type === undefined ? {} : { Type }),
      Root: !reached.has(ReferenceId),
      State: "active",
      Edges: [...(edges.get(ReferenceId) ?? [])].map((number) => ({ ReferenceId: number })),
    };
  });
}
