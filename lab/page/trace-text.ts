import type { ReceivedSpan } from "../runtime/otlp-traces";
import type { SegmentDocument } from "../runtime/xray-daemon";

/** One piece of a trace, from whichever side it came. */
interface Piece {
  readonly id: string;
  readonly parent: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds. */
  readonly tookMs: number;
  readonly failed: boolean;
  readonly notes: readonly string[];
}

function notesOf(values: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  return Object.entries(values ?? {}).map(([key, value]) => `${key}=${String(value)}`);
}

function ofDocument(document: SegmentDocument, parent = document.parent_id ?? ""): readonly Piece[] {
  const { id, name, start_time, end_time = start_time, annotations, aws, subsegments = [] } = document;
  const operation = aws?.operation === undefined ? "" : ` ${aws.operation}`;
  const piece: Piece = {
    id,
    parent,
    name: `${name}${operation}`,
    startedAt: start_time * 1000,
    tookMs: (end_time - start_time) * 1000,
    failed: document.fault === true || document.error === true,
    notes: notesOf(annotations),
  };
  return [piece, ...subsegments.flatMap((child) => ofDocument(child, id))];
}

function ofSpan({ spanId, parentSpanId, name, startedAt, endedAt, status, attributes }: ReceivedSpan): Piece {
  return {
    id: spanId,
    parent: parentSpanId,
    name,
    startedAt,
    tookMs: endedAt - startedAt,
    failed: status.code === 2,
    notes: notesOf(attributes),
  };
}

function lines(pieces: readonly Piece[], parent: Piece | undefined, depth: number): readonly string[] {
  const known = new Set(pieces.map(({ id }) => id));
  return pieces
    .filter((piece) => (parent === undefined ? !known.has(piece.parent) : piece.parent === parent.id))
    .sort((a, b) => a.startedAt - b.startedAt)
    .flatMap((piece) => {
      const name = `${"  ".repeat(depth)}${piece.failed ? "✗ " : ""}${piece.name}`;
      const notes = piece.notes.length === 0 ? "" : `  ${piece.notes.join(" ")}`;
      const line = `${name.padEnd(44)} ${piece.tookMs.toFixed(1).padStart(10)} ms${notes}`;
      return [line, ...lines(pieces, piece, depth + 1)];
    });
}

/**
 * One trace as indented text: what X-Ray would draw of the documents that were sent.
 *
 * @param id bare: `1-{8 hex}-{24 hex}`
 */
export function traceText(
  id: string,
  documents: readonly SegmentDocument[],
  spans: readonly ReceivedSpan[],
): string {
  const hex = id.slice("1-".length).replace("-", "");
  const pieces = [
    ...documents.filter(({ trace_id }) => trace_id === id).flatMap((document) => ofDocument(document)),
    ...spans.filter(({ traceId }) => traceId === hex).map(ofSpan),
  ];
  const body =
    pieces.length === 0
      ? [
          "nothing was sent of it: a stream is sent when it ends,",
          "and a request that never reached the function is sent by nobody here",
        ]
      : lines(pieces, undefined, 0);
  return [`Trace ${id}`, "", ...body, ""].join("\n");
}
