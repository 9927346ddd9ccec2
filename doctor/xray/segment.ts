import * as v from "valibot";

/** A value X-Ray indexes. */
export type AnnotationValue = string | number | boolean;

/** An exception inside a segment document. */
export interface SegmentException {
  readonly type: string;
  readonly message: string;
}

/** What a segment says of a request. */
export interface SegmentHttp {
  readonly url?: string | undefined;
  readonly method?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly clientIp?: string | undefined;
  readonly status?: number | undefined;
}

/** A segment or subsegment as X-Ray gives it back; times are epoch seconds. */
export interface Segment {
  readonly id: string;
  readonly name: string;
  /** Of a subsegment sent on its own, the segment it belongs to; of a segment, the subsegment that called it. */
  readonly parentId: string | undefined;
  /** Sent as a document of its own although it is part of another segment. */
  readonly independent: boolean;
  readonly startS: number;
  /** Absent while it runs, or when the rest of it never arrived. */
  readonly endS: number | undefined;
  readonly inProgress: boolean;
  /** Made by X-Ray from a call somebody else recorded. */
  readonly inferred: boolean;
  readonly fault: boolean;
  readonly error: boolean;
  readonly throttle: boolean;
  /** Type of the AWS resource, for example `AWS::Lambda::Function`. */
  readonly origin: string | undefined;
  readonly resourceArn: string | undefined;
  /** `aws` or `remote` for calls to others. */
  readonly namespace: string | undefined;
  readonly user: string | undefined;
  readonly http: SegmentHttp;
  /** AWS's own fields, for example `operation` and `table_name`. */
  readonly aws: Readonly<Record<string, unknown>>;
  readonly exceptions: readonly SegmentException[];
  readonly annotations: Readonly<Record<string, AnnotationValue>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Parts inside the same document, in its order. */
  readonly parts: readonly Segment[];
}

/** Deepest nesting read; deeper documents could exhaust the stack. */
export const MAX_DEPTH = 200;

const flag = v.fallback(v.optional(v.boolean(), false), false);
const words = v.fallback(v.optional(v.string()), undefined);
const anything = v.fallback(v.optional(v.record(v.string(), v.unknown()), {}), {});

/** Epoch seconds a date can name. */
const time = v.pipe(v.number(), v.minValue(0), v.maxValue(8_640_000_000_000));

/** What is read of a document (AWS's segment document schema 1.0.0). What is optional there is left out when it is odd. */
const DOCUMENT = v.looseObject({
  id: v.string(),
  name: v.string(),
  start_time: time,
  end_time: v.fallback(v.optional(time), undefined),
  parent_id: words,
  type: words,
  in_progress: flag,
  inferred: flag,
  fault: flag,
  error: flag,
  throttle: flag,
  origin: words,
  resource_arn: words,
  namespace: words,
  user: words,
  http: v.optional(v.unknown()),
  aws: anything,
  cause: v.optional(v.unknown()),
  annotations: anything,
  metadata: anything,
  subsegments: v.optional(v.array(v.unknown()), []),
});

const HTTP = v.looseObject({
  request: v.optional(v.looseObject({ url: words, method: words, user_agent: words, client_ip: words })),
  response: v.optional(v.looseObject({ status: v.fallback(v.optional(v.number()), undefined) })),
});

/** A cause may also be the id of an exception of another segment. */
const CAUSE = v.looseObject({
  exceptions: v.array(
    v.looseObject({ type: v.optional(v.string(), ""), message: v.optional(v.string(), "") }),
  ),
});

/** What fits the schema, or nothing. */
function fitting<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> | undefined {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : undefined;
}

function isAnnotation(entry: [string, unknown]): entry is [string, AnnotationValue] {
  return ["string", "number", "boolean"].includes(typeof entry[1]);
}

function read(value: unknown, place: string, depth: number): Segment {
  if (depth > MAX_DEPTH) throw new SyntaxError(`${place} is nested deeper than ${MAX_DEPTH}`);
  const parsed = v.safeParse(DOCUMENT, value);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const where = [place, v.getDotPath(issue)].filter((part) => part !== null && part !== "").join(".");
    const wrong = issue.received === "undefined" ? "missing" : "something else";
    throw new SyntaxError(
      `${where || "the document"} is ${wrong}, expected ${issue.expected ?? "another value"}`,
    );
  }
  const one = parsed.output;
  const http = fitting(HTTP, one.http);
  return {
    id: one.id,
    name: one.name,
    parentId: one.parent_id,
    independent: one.type === "subsegment",
    startS: one.start_time,
    endS: one.end_time,
    inProgress: one.in_progress,
    inferred: one.inferred,
    fault: one.fault,
    error: one.error,
    throttle: one.throttle,
    origin: one.origin,
    resourceArn: one.resource_arn,
    namespace: one.namespace,
    user: one.user,
    http: {
      url: http?.request?.url,
      method: http?.request?.method,
      userAgent: http?.request?.user_agent,
      clientIp: http?.request?.client_ip,
      status: http?.response?.status,
    },
    aws: one.aws,
    exceptions: (fitting(CAUSE, one.cause)?.exceptions ?? []).map(({ type, message }) => ({ type, message })),
    annotations: Object.fromEntries(Object.entries(one.annotations).filter(isAnnotation)),
    metadata: one.metadata,
    parts: one.subsegments.map((part, index) =>
      read(part, `${place === "" ? "" : `${place}.`}subsegments[${index}]`, depth + 1),
    ),
  };
}

/**
 * Reads a segment document.
 *
 * @throws SyntaxError that says what is wrong with it, without its content
 */
export function readSegment(document: string): Segment {
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch {
    throw new SyntaxError(`no JSON, ${document.length} characters`);
  }
  return read(value, "", 0);
}

/** A segment and everything inside it, parents first. */
export function* piecesOf(segment: Segment): Generator<Segment> {
  yield segment;
  for (const part of segment.parts) yield* piecesOf(part);
}
