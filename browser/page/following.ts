import { HEADER_REFUSED_LINE } from "../../contract/page";
import { STREAM_EVENTS, STREAM_ROUTES } from "../../contract/streaming";
import { openStream } from "../sse-client";
import type { EventStream } from "../stream-options";
import type { TraceOrigins } from "../trace-origins";
import type { Board } from "./board";
import type { Latency } from "./latency";
import { readingOf } from "./live-data";
import type { Session } from "./session";
import type { StreamView } from "./stream-view";

/** Who is told of what the stream brings. */
export interface Audience {
  readonly board: Board;
  readonly latency: Latency;
  readonly view: StreamView;
}

/** Follows one stream at a time and tells the page. */
export class Following {
  readonly #streamUrl: string;
  readonly #session: Session;
  readonly #origins: TraceOrigins;
  readonly #audience: Audience;
  #stream: EventStream | undefined;
  /** @param origins who is told of traces; the stream's leaves it when its CORS refuses the headers */
  constructor(streamUrl: string, session: Session, origins: TraceOrigins, audience: Audience) {
    this.#streamUrl = streamUrl;
    this.#session = session;
    this.#origins = origins;
    this.#audience = audience;
  }

  /** Leaves the stream it follows for another. @param configuration id; empty for the stream of everything */
  follow(configuration: string): void {
    const { board, latency, view } = this.#audience;
    this.#stream?.close();
    board.clear();
    const route =
      configuration === ""
        ? STREAM_ROUTES.global
        : STREAM_ROUTES.configuration.replace("{id}", encodeURIComponent(configuration));
    const { token } = this.#session;
    const headers = configuration === "" || token === undefined ? {} : { authorization: `Bearer ${token}` };
    const correlate = this.#origins.covers(this.#streamUrl);
    let opened = false;
    const stream = openStream(this.#streamUrl + route, {
      headers,
      correlate,
      credentials: "omit",
      pauseWhenHidden: true,
      onState: (state, reason) => view.state(state, reason),
      onConnection: (record) => {
        view.connection(record);
        if (record.ending === undefined) opened = true;
        if (correlate && !opened && record.ending === "network" && record.status === undefined) {
          void this.#withoutHeaders(() => stream === this.#stream && !opened && this.follow(configuration));
        }
      },
      onEvent: (event) => {
        const { data, originAt } = readingOf(event);
        if (data?.kind === "counts") board.counts(data);
        if (data?.kind === "ticker") board.ticker(data);
        if (originAt !== undefined && event.event === STREAM_EVENTS.sentiment)
          latency.add(Date.now() - originAt);
      },
    });
    this.#stream = stream;
  }

  /**
   * A CORS answer that does not allow the headers looks to a script like a dead network. A request without them tells the
   * two apart: when it is answered, the stream is followed without them, which is said aloud, because its traces then
   * begin at the server (FE-5).
   */
  async #withoutHeaders(again: () => void): Promise<void> {
    this.#origins.refuse(this.#streamUrl);
    try {
      await fetch(this.#streamUrl + STREAM_ROUTES.status, { credentials: "omit" });
    } catch {
      this.#origins.restore(this.#streamUrl);
      return;
    }
    // biome-ignore lint/suspicious/noConsole: the page's log, read by whoever wonders where the traces are
    console.warn(JSON.stringify(HEADER_REFUSED_LINE));
    again();
  }
}
