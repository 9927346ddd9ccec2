import type { StreamEvent } from "./stream-event";

/** Events of former connections that can be told from new ones. */
const REMEMBERED = 2000;

/** Remembers which events came, by type and id: a heartbeat may repeat the id of the event before it. */
export interface SeenEvents {
  /** From now on events are those of another connection. */
  nextConnection(): void;
  /** Remembers an event; true when a former connection brought it already. Without an id of its own it is new. */
  seen(event: StreamEvent): boolean;
}

/** Makes an empty memory of bounded size. */
export function createSeenEvents(): SeenEvents {
  const connections = new Map<string, number>();
  let connection = 0;
  return {
    nextConnection() {
      connection += 1;
    },
    seen({ event, id }) {
      if (!id) return false;
      const key = `${event}\n${id}`;
      const before = connections.get(key);
      if (before === undefined || before === connection) {
        connections.set(key, connection);
        for (const oldest of connections.keys()) {
          if (connections.size <= REMEMBERED) break;
          connections.delete(oldest);
        }
        return false;
      }
      return true;
    },
  };
}
