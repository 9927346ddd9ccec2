import type { AnnotationValue, Segment, SegmentHttp } from "../xray/segment";
import { piecesOf } from "../xray/segment";
import type { TraceSummary } from "../xray/summary";
import { everyPiece, rootOf, spanOf, type Trace } from "../xray/trace";
import type { Value } from "./expression";
import type { Keyword } from "./keywords";

/** What a filter can see of a trace, a segment or a summary. */
export interface View {
  /** Values a keyword has; none when it is not set, `undefined` when this view cannot tell. */
  readonly values: Readonly<Partial<Record<Keyword, readonly Value[]>>>;
  readonly annotations: ReadonlyMap<string, readonly AnnotationValue[]>;
  /** The nodes of the trace map and who called them; `undefined` when this view cannot tell. */
  readonly nodes: readonly MapNode[] | undefined;
}

/** A node of the trace map, from one document. */
export interface MapNode {
  readonly piece: Segment;
  readonly name: string;
  readonly type: string | undefined;
  readonly accountId: string | undefined;
  /** Id of the subsegment that called it. */
  readonly calledBy: string | undefined;
  /** The request entered here. */
  readonly root: boolean;
}

function set<T extends Value>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

function http({ url, method, userAgent, clientIp, status }: SegmentHttp): View["values"] {
  return {
    "http.url": set(url),
    "http.method": set(method),
    "http.useragent": set(userAgent),
    "http.clientip": set(clientIp),
    "http.status": set(status),
  };
}

/** 2XX, or nothing wrong where no status was recorded. */
function isOk(status: number | undefined, wrong: boolean): boolean {
  return status === undefined ? !wrong : status >= 200 && status < 300;
}

function text(value: unknown): readonly string[] {
  return typeof value === "string" ? [value] : [];
}

function within(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function annotationsOf(pieces: Iterable<Segment>): View["annotations"] {
  const found = new Map<string, AnnotationValue[]>();
  for (const { annotations } of pieces) {
    for (const [key, value] of Object.entries(annotations))
      found.set(key, [...(found.get(key) ?? []), value]);
  }
  return found;
}

function place(segments: readonly Segment[]): View["values"] {
  return {
    user: segments.flatMap(({ user }) => set(user)),
    "resource.arn": segments.flatMap(({ resourceArn }) => set(resourceArn)),
    "instance.id": segments.flatMap(({ aws }) => text(within(aws["ec2"], "instance_id"))),
    availabilityzone: segments.flatMap(({ aws }) => text(within(aws["ec2"], "availability_zone"))),
  };
}

function outcome({ fault, error, throttle, http: { status }, startS, endS }: Segment): View["values"] {
  return {
    fault: [fault],
    error: [error],
    throttle: [throttle],
    ok: [isOk(status, fault || error || throttle)],
    responsetime: set(endS === undefined ? undefined : endS - startS),
  };
}

/** A segment and what is inside it, as braces behind `service` and `edge` see it. */
export function viewOfSegment(segment: Segment, root: boolean): View {
  return {
    values: {
      ...outcome(segment),
      ...http(segment.http),
      ...place([segment]),
      inferred: [segment.inferred],
      root: [root],
    },
    annotations: annotationsOf(piecesOf(segment)),
    nodes: undefined,
  };
}

function accountOf({ aws }: Segment): string | undefined {
  return text(aws["account_id"])[0];
}

/** Segments are nodes, and so are the calls to others for which no segment came. */
function nodesOf(trace: Trace, root: Segment | undefined): readonly MapNode[] {
  const own = trace.segments.filter(({ independent }) => !independent);
  const answered = new Set(own.flatMap(({ parentId }) => parentId ?? []));
  const nodes: MapNode[] = own.map((piece) => ({
    piece,
    name: piece.name,
    type: piece.origin,
    accountId: accountOf(piece),
    calledBy: piece.parentId,
    root: piece === root,
  }));
  for (const piece of everyPiece(trace)) {
    if (piece.namespace === undefined || answered.has(piece.id)) continue;
    nodes.push({
      piece,
      name: piece.name,
      type: undefined,
      accountId: accountOf(piece),
      calledBy: piece.id,
      root: false,
    });
  }
  return nodes;
}

/**
 * A trace as keywords outside braces see it. AWS documents that they see the root segment only: what went wrong below it
 * and was handled there is found by `service()` and `edge()`.
 */
export function viewOfTrace(trace: Trace): View {
  const root = rootOf(trace);
  const pieces = [...everyPiece(trace)];
  return {
    values: {
      ...(root === undefined ? {} : { ...outcome(root), ...http(root.http) }),
      ...place(trace.segments),
      throttle: [trace.segments.some(({ throttle }) => throttle)],
      partial: [pieces.some(({ inProgress }) => inProgress)],
      inferred: [pieces.some(({ inferred }) => inferred)],
      duration: set(trace.durationS ?? spanOf(trace)?.lastsS),
    },
    annotations: annotationsOf(pieces),
    nodes: nodesOf(trace, root),
  };
}

/** A trace of which only the summary is known. */
export function viewOfSummary(summary: TraceSummary): View {
  const { fault, error, throttle, partial, durationS, responseTimeS, users } = summary;
  return {
    values: {
      ...http(summary.http),
      fault: [fault],
      error: [error],
      throttle: [throttle],
      ok: [isOk(summary.http.status, fault || error || throttle)],
      partial: [partial],
      duration: set(durationS),
      responsetime: set(responseTimeS),
      user: users,
    },
    annotations: new Map(Object.entries(summary.annotations)),
    nodes: undefined,
  };
}
