import { REMEMBERED_EVENTS } from "./limits";
import type { StreamEvent } from "./stream-event";

/** Tells whether a connection before this one brought an event, and remembers it. */
export type Seen = (event: StreamEvent, connection: number) => boolean;

/**
 * Makes a memory of bounded size (CLI-4). An event is known by type and id, because a heartbeat may repeat the id of the
 * event before it; without an id of its own it is always new.
 */
export function createSeen(): Seen {
  let older = new Map<string, number>();
  let newer = new Map<string, number>();
  return ({ event, id }, connection) => {
    if (!id) return false;
    const key = `${event}\n${id}`;
    const first = newer.get(key) ?? older.get(key) ?? connection;
    newer.set(key, first);
    if (newer.size >= REMEMBERED_EVENTS) {
      older = newer;
      newer = new Map();
    }
    return first < connection;
  };
}
