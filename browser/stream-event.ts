/** A server-sent event. */
export interface StreamEvent {
  /** Its type; `message` when the server names none. */
  readonly event: string;
  /** Its data; lines are joined by line feeds. */
  readonly data: string;
  /** The id it brought itself. */
  readonly id: string | undefined;
  /** The position of the stream with it: its own id, or the last one before; empty when there was none. */
  readonly lastEventId: string;
}
