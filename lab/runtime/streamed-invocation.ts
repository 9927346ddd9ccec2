import type { Answer, EndKind, ReportedError } from "./runtime-exchange";
import {
  type BodyChunk,
  eventsOf,
  HTTP_INTEGRATION,
  type Prelude,
  type ReceivedEvent,
  withoutPrelude,
} from "./streamed-answer";

/** What came of one invocation; every time is in milliseconds since the epoch. */
export interface StreamedInvocation {
  readonly requestId: string;
  readonly startedAt: number;
  readonly deadline: number;
  readonly end: EndKind;
  /** When the answer was complete. */
  readonly endedAt: number;
  /** When the client asked for its next work; absent when the process did not live to. */
  readonly completedAt?: number;
  readonly prelude?: Prelude;
  /** The body, without prelude. */
  readonly body: readonly BodyChunk[];
  /** The body read as server-sent events. */
  readonly events: readonly ReceivedEvent[];
  readonly trailers: Readonly<Record<string, string | undefined>>;
  readonly error?: ReportedError;
  /** Lines the process wrote during the invocation. */
  readonly lines: readonly string[];
}

/** Reads an answer as its caller would: prelude, body and events. */
export function readable(
  answer: Answer,
): Omit<StreamedInvocation, "requestId" | "startedAt" | "deadline" | "lines"> {
  const { end, endedAt, contentType, chunks, trailers, error } = answer;
  const { prelude, body } =
    contentType === HTTP_INTEGRATION ? withoutPrelude(chunks) : { prelude: undefined, body: chunks };
  return {
    end,
    endedAt,
    body,
    trailers,
    events: eventsOf(body),
    ...(prelude === undefined ? {} : { prelude }),
    ...(error === undefined ? {} : { error }),
  };
}
