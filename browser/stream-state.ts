/** Where a stream stands: making a connection or waiting to, having one, ended for good. */
export type StreamState = "CONNECTING" | "OPEN" | "CLOSED";

/**
 * How a connection ended (CLI-3): `graceful` after a sentinel, `abnormal` without one, `network` by an error, silence or
 * a refusal that may pass, `cancelled` by its own side, `refused` for good, `hidden` because its page went out of sight.
 */
export type Ending = "graceful" | "abnormal" | "network" | "cancelled" | "refused" | "hidden";

/** Why a stream connects no more. */
export type StopReason = "cancelled" | "no-content" | "unauthorized" | "forbidden" | "too-large";

/** What put a stream into its state: its start, an open connection, the last ending, or why it stopped. */
export type StateReason = "start" | "open" | Ending | StopReason;

/** One connection, or an attempt at one. */
export interface ConnectionRecord {
  /** 1 for the first of a stream, then counting up. */
  readonly sequence: number;
  /** Bare id of its trace: the server's word if there is one, otherwise what was sent. */
  readonly traceId?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Status of the answer, if there was one. */
  readonly status?: number | undefined;
  /** False when the server could not go on after the position it was sent. */
  readonly resumed?: boolean | undefined;
  /** How many events came. */
  readonly events: number;
  /** Absent while it lasts. */
  readonly ending?: Ending | undefined;
  /** How many connections in a row have ended so. */
  readonly consecutive?: number | undefined;
  /** Milliseconds until the next attempt; absent when there is none. */
  readonly delayMs?: number | undefined;
  /** What went wrong, if something did. */
  readonly error?: unknown;
}
