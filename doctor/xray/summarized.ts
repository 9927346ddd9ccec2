import type { AnnotationValue } from "./segment";
import type { RawSummary } from "./summary";
import { everyPiece, rootOf, spanOf, startOfId, type Trace } from "./trace";

type RawAnnotation = RawSummary["Annotations"][string][number];

function annotation(value: AnnotationValue): RawAnnotation {
  if (typeof value === "string") return { AnnotationValue: { StringValue: value } };
  return { AnnotationValue: typeof value === "number" ? { NumberValue: value } : { BooleanValue: value } };
}

function annotationsOf(trace: Trace): RawSummary["Annotations"] {
  const found = new Map<string, RawAnnotation[]>();
  for (const { annotations } of everyPiece(trace)) {
    for (const [key, value] of Object.entries(annotations))
      found.set(key, [...(found.get(key) ?? []), annotation(value)]);
  }
  return Object.fromEntries(found);
}

/** The summary X-Ray would give of a trace, as far as its documents say, where none was recorded. */
export function summarized(trace: Trace): RawSummary {
  const root = rootOf(trace);
  const span = spanOf(trace);
  const { url, method, status, userAgent, clientIp } = root?.http ?? {};
  return {
    Id: trace.id,
    StartTime: span?.startS ?? startOfId(trace.id) / 1000,
    Duration: trace.durationS ?? span?.lastsS,
    ResponseTime: root?.endS === undefined ? undefined : root.endS - root.startS,
    HasFault: root?.fault ?? false,
    HasError: root?.error ?? false,
    HasThrottle: trace.segments.some(({ throttle }) => throttle),
    IsPartial: [...everyPiece(trace)].some(({ inProgress }) => inProgress),
    Http: { HttpURL: url, HttpMethod: method, HttpStatus: status, UserAgent: userAgent, ClientIp: clientIp },
    EntryPoint: root === undefined ? undefined : { Name: root.name, Names: [root.name], Type: root.origin },
    ServiceIds: trace.segments.map(({ name, origin }) => ({ Name: name, Names: [name], Type: origin })),
    Users: trace.segments.flatMap(({ user }) => (user === undefined ? [] : [{ UserName: user }])),
    Annotations: annotationsOf(trace),
  };
}
