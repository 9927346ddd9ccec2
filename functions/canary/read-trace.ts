import type { Trace } from "@aws-sdk/client-xray";

/** A segment or subsegment, as far as the canary looks at it. */
export interface Piece {
  readonly name: string;
  /** For example `AWS::ApiGateway::Stage`. */
  readonly origin: string;
  /** `aws` or `remote` on calls to others, otherwise empty. */
  readonly namespace: string;
  readonly finished: boolean;
}

/** A trace that X-Ray handed out. */
export interface ReadTrace {
  /** True when X-Ray left documents out because there are too many. */
  readonly limitExceeded: boolean;
  /** Segments and subsegments, those inside others too. */
  readonly pieces: readonly Piece[];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function piecesOf(value: unknown): readonly Piece[] {
  if (typeof value !== "object" || value === null) return [];
  const { name, origin, namespace, end_time, subsegments } = value as Readonly<Record<string, unknown>>;
  const piece = {
    name: text(name),
    origin: text(origin),
    namespace: text(namespace),
    finished: typeof end_time === "number",
  };
  return [piece, ...(Array.isArray(subsegments) ? subsegments.flatMap(piecesOf) : [])];
}

function jsonOf(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    // A document that is none proves nothing about its trace.
    return undefined;
  }
}

/** Reads a trace's documents; what is no document counts for nothing. */
export function readTrace({ LimitExceeded = false, Segments = [] }: Trace): ReadTrace {
  const pieces = Segments.flatMap(({ Document = "" }) => piecesOf(jsonOf(Document)));
  return { limitExceeded: LimitExceeded, pieces };
}
