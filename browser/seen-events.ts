import { REMEMBERED_EVENTS } from "./limits";
import type { StreamEvent } from "./stream-event";

/** Tells whether a connection before this one brought an event, and remembers it. */
export type Seen = (event: StreamEvent) => boolean;

/**
 * Makes a memory of bounded size (CLI-4); a connection asks it for its own {@link Seen}. An event is known by type and
 * id, because a heartbeat may repeat the id of the event before it; without an id of its own it is always new, and so is
 * everything on a connection that resumes.
 *
 * A list costs an event next to nothing; it is put in order once, for a connection that starts anew.
 */
export function createSeen(): (resumed: boolean | undefined) => Seen {
  const list: string[] = [];
  return (resumed) => {
    const known = new Set(resumed ? [] : list);
    return ({ event, id }) => {
      if (!id) return false;
      const key = `${event}\n${id}`;
      if (list.push(key) > 2 * REMEMBERED_EVENTS) list.splice(0, REMEMBERED_EVENTS);
      // Looking into an empty set would still compute the hash of the key.
      return known.size > 0 && known.has(key);
    };
  };
}
