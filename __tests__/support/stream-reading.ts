import { STREAM_EVENTS, STREAM_ROUTES } from "../../contract/streaming";
import type { ReceivedSpan } from "../../lab/runtime/otlp-traces";
import type { BodyChunk, ReceivedEvent } from "../../lab/runtime/streamed-answer";
import { type UrlRequest, urlEvent } from "../../lab/runtime/url-event";

/** An event of a stream with its data parsed. */
export interface StreamEvent {
  /** Milliseconds since the epoch at which its last byte came. */
  readonly at: number;
  readonly name: string;
  readonly id: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What is read of an answer, whoever brought it. */
interface Answered {
  readonly body: readonly BodyChunk[];
  readonly events: readonly ReceivedEvent[];
}

/** What a stream leaves for its end: the least remaining time that lets it run so long. */
export const END_MS = 4500;

/** A request for the public stream. */
export function globalStream(request: Partial<UrlRequest> = {}) {
  return urlEvent({ path: STREAM_ROUTES.global, ...request });
}

/** A request for a configuration's stream. */
export function configurationStream(
  id: string,
  token: string | undefined,
  request: Partial<UrlRequest> = {},
) {
  return urlEvent({
    path: STREAM_ROUTES.configuration.replace("{id}", id),
    ...request,
    headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...request.headers },
  });
}

/** The events of an answer. */
export function eventsIn({ events }: Answered): readonly StreamEvent[] {
  return events.flatMap(({ at, fields }) =>
    fields["event"] === undefined
      ? []
      : [
          {
            at,
            name: fields["event"],
            id: fields["id"],
            data: JSON.parse(fields["data"] ?? "null") as Readonly<Record<string, unknown>>,
          },
        ],
  );
}

/** Names of the events of an answer, in order. */
export function namesIn(answer: Answered): readonly string[] {
  return eventsIn(answer).map(({ name }) => name);
}

const OF_STEPS: readonly string[] = [STREAM_EVENTS.metrics, STREAM_EVENTS.sentiment, STREAM_EVENTS.bucket];

/** The events that have a number of their own: those of steps, without the counts a stream starts with. */
export function stepEventsIn(answer: Answered): readonly StreamEvent[] {
  return eventsIn(answer).filter(({ name, id }) => OF_STEPS.includes(name) && !id?.endsWith("-0"));
}

/** The body of an answer that is no stream. */
export function jsonOf({ body }: Answered): unknown {
  return JSON.parse(Buffer.concat(body.map(({ bytes }) => bytes)).toString("utf8"));
}

/** Root, parent and OpenTelemetry's form of the trace id, of a trace header. */
export function traceOf(header: string): {
  readonly root: string;
  readonly parent: string;
  readonly traceId: string;
} {
  const [, root = "", parent = ""] = /Root=([^;]+);Parent=([^;]+)/.exec(header) ?? [];
  return { root, parent, traceId: root.replace(/^1-|-/g, "") };
}

/** The spans of a name. */
export function named(spans: readonly ReceivedSpan[], name: string): readonly ReceivedSpan[] {
  return spans.filter((span) => span.name === name);
}

/** The JSON lines that have a field. */
export function linesWith(lines: readonly string[], field: string): readonly Record<string, unknown>[] {
  return lines.flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const parsed = JSON.parse(line) as Record<string, unknown>;
    return field in parsed ? [parsed] : [];
  });
}
