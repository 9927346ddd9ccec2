import { randomHex } from "./random-hex";

/** What outlives the connections of a stream. */
export interface Memory {
  /** UUID of the stream; undefined without a source of randomness. */
  readonly sessionId: string | undefined;
  /** Position to resume from. */
  lastEventId: string;
  /** The last `retry` of the server, in milliseconds. */
  retryMs?: number;
  /** Bare id of the last trace the server told. */
  previousTrace?: string | undefined;
  /** Number of the connection that brought an event, by the event's type and id: as far back as is remembered. */
  readonly seen: Map<string, number>;
}

/** Events that can be told from new ones. */
const REMEMBERED_EVENTS = 2000;

/** A UUID also where `crypto.randomUUID` is missing, in pages that did not come over https. */
function newSessionId(): string | undefined {
  try {
    return randomHex(16).replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-a$4-");
  } catch {
    return undefined;
  }
}

/** The memory of a stream that goes on after a position. */
export function createMemory(lastEventId = ""): Memory {
  return { sessionId: newSessionId(), lastEventId, seen: new Map() };
}

/**
 * Remembers an event, and tells whether a former connection brought it (CLI-4). The type counts because a heartbeat may
 * repeat the id of the event before it; an event without an id of its own is always new.
 */
export function isRepeated({ seen }: Memory, key: string, sequence: number): boolean {
  const first = seen.get(key) ?? sequence;
  seen.set(key, first);
  if (seen.size > REMEMBERED_EVENTS)
    for (const [oldest] of seen) return seen.delete(oldest) && first < sequence;
  return first < sequence;
}
