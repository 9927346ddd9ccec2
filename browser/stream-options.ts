import type { StreamEvent } from "./stream-event";
import type { ConnectionRecord, StateReason, StreamState } from "./stream-state";

/** Anything the `Headers` constructor takes. */
export type HeaderValues = ConstructorParameters<typeof Headers>[0];

/** What `fetch` takes besides, the same for every connection. */
type FetchOptions = Omit<RequestInit, "body" | "cache" | "headers" | "signal" | "window">;

/** Options of `openStream`, and those of `fetch`. Times are in milliseconds and may be over by a quarter. */
export interface StreamOptions extends FetchOptions {
  /** Called with every event. Without it, events wait to be iterated over. An exception is reported and harms nothing. */
  readonly onEvent?: ((event: StreamEvent) => void) | undefined;
  /** Called when the state or its reason changes. */
  readonly onState?: ((state: StreamState, reason: StateReason) => void) | undefined;
  /** Called when a connection has opened, and when it, or an attempt at one, has ended. */
  readonly onConnection?: ((connection: ConnectionRecord) => void) | undefined;
  /** Closes the stream. */
  readonly signal?: AbortSignal | undefined;
  /** Sent with every connection; a function is asked anew for each, so that tokens can be fresh. */
  readonly headers?: HeaderValues | (() => HeaderValues | Promise<HeaderValues>);
  /** Sent with every connection, hence nothing that can be read only once. */
  readonly body?: Exclude<BodyInit, ReadableStream>;
  /** What connects. @default the global `fetch` at the time of each connection */
  readonly fetch?: typeof fetch | undefined;
  /** Position to go on from, as in an event's `lastEventId`. @default none */
  readonly lastEventId?: string | undefined;
  /**
   * Whether to send a trace root, the session, the number of the connection and the trace before it; or the origins
   * that get them. A page of another origin causes a preflight with them. @default true
   */
  readonly correlate?: boolean | readonly string[] | undefined;
  /** Names of the events that announce an intended end. @default ["done", "deadline"] */
  readonly sentinels?: readonly string[] | undefined;
  /** How long an answer may take to begin; 0 for ever. @default 20 000 */
  readonly connectTimeoutMs?: number | undefined;
  /** How long an open connection may bring no byte; 0 for ever. @default 75 000, two and a half heartbeats */
  readonly silenceTimeoutMs?: number | undefined;
  /** Whether to disconnect while the page is hidden. @default false */
  readonly pauseWhenHidden?: boolean | undefined;
  /** Events that wait to be iterated over before reading stops. @default 1000 */
  readonly queueLimit?: number | undefined;
  /** Characters a line, or an event's data, may have; the stream stops beyond. @default 4 194 304 */
  readonly maxEventLength?: number | undefined;
}

/** A stream of events that reconnects until it is closed or refused. */
export interface EventStream extends AsyncIterable<StreamEvent> {
  readonly state: StreamState;
  readonly reason: StateReason;
  /** UUID, the same for all connections; undefined without a source of randomness. */
  readonly sessionId: string | undefined;
  /** Position to resume from. */
  readonly lastEventId: string;
  /** The last `retry` of the server, in milliseconds. */
  readonly retryMs?: number;
  /** Bare id of the last trace the server told of. */
  readonly previousTrace?: string | undefined;
  /** The last fifty connections, oldest first; the newest changes while it lasts. */
  readonly connections: readonly ConnectionRecord[];
  /** Ends the stream; events not yet iterated over are dropped. Further calls do nothing. */
  close(): void;
  /** Iterators share the events. Leaving a loop closes the stream; a refusal is thrown as a `StreamError`. */
  [Symbol.asyncIterator](): AsyncIterator<StreamEvent, undefined>;
}
