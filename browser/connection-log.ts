import type { ConnectionRecord } from "./stream-state";
import { tell } from "./tell";

const REMEMBERED = 50;

/** The last connections of a stream. */
export interface ConnectionLog {
  /** Oldest first. */
  readonly records: readonly ConnectionRecord[];
  /** Puts a connection's newest state into the log, in place of its last. */
  write(record: ConnectionRecord): void;
}

/** Makes an empty log. @param onConnection called with everything written */
export function createConnectionLog(
  onConnection: ((connection: ConnectionRecord) => void) | undefined,
): ConnectionLog {
  let records: readonly ConnectionRecord[] = [];
  return {
    get records() {
      return records;
    },
    write(record) {
      const others = records.filter(({ sequence }) => sequence !== record.sequence);
      records = [...others, record].slice(-REMEMBERED);
      tell(onConnection, record);
    },
  };
}
