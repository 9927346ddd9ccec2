import { HEADERS } from "../contract/headers";
import { randomHex } from "./random-hex";
import { bareTraceId, newRoot } from "./trace-header";

/** What a server and its traces are told about a stream (CLI-4, FE-1). */
export interface Correlation {
  /** UUID of the stream. */
  readonly sessionId: string | undefined;
  /** Adds its headers for the next connection, which gets a trace of its own (D33); returns the trace's bare id. */
  stamp(headers: Headers, sequence: number): string | undefined;
  /** Remembers the trace of the connection for the next. */
  remember(traceId: string | undefined): void;
}

/** A random UUID also where `crypto.randomUUID` is missing: in pages that did not come over https. */
function newSessionId(): string | undefined {
  try {
    const hex = `${randomHex(6)}4${randomHex(2).slice(1)}a${randomHex(8).slice(1)}`;
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  } catch {
    return undefined;
  }
}

/** Makes the correlation of a stream. @param sent whether headers are sent at all */
export function createCorrelation(sent: boolean): Correlation {
  const sessionId = newSessionId();
  let previous: string | undefined;
  return {
    sessionId,
    stamp(headers, sequence) {
      if (!sent) return undefined;
      const root = newRoot();
      for (const [name, value] of [
        [HEADERS.traceId, root],
        [HEADERS.sessionId, sessionId],
        [HEADERS.previousTrace, previous],
        [HEADERS.connectionSequence, String(sequence)],
      ] as const) {
        if (value) headers.set(name, value);
      }
      return bareTraceId(root);
    },
    remember(traceId) {
      previous = traceId ?? previous;
    },
  };
}

/** The bare trace id an event's data tells. */
export function traceOfData(data: string): string | undefined {
  try {
    return bareTraceId((JSON.parse(data) as { readonly trace_id?: unknown } | null)?.trace_id);
  } catch {
    return undefined;
  }
}
