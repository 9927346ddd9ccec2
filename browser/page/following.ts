import { STREAM_EVENTS, STREAM_ROUTES } from "../../contract/streaming";
import { openStream } from "../sse-client";
import type { EventStream } from "../stream-options";
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
  readonly #audience: Audience;
  #stream: EventStream | undefined;

  constructor(streamUrl: string, session: Session, audience: Audience) {
    this.#streamUrl = streamUrl;
    this.#session = session;
    this.#audience = audience;
  }

  /** Leaves the stream it follows for another. @param configuration id; empty for the stream of everything */
  follow(configuration: string): void {
    const { board, latency, view } = this.#audience;
    this.#stream?.close();
    board.clear();
    view.another();
    const route =
      configuration === ""
        ? STREAM_ROUTES.global
        : STREAM_ROUTES.configuration.replace("{id}", encodeURIComponent(configuration));
    const { token } = this.#session;
    const headers = configuration === "" || token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#stream = openStream(this.#streamUrl + route, {
      headers,
      credentials: "omit",
      pauseWhenHidden: true,
      onState: (state, reason) => view.state(state, reason),
      onConnection: (record) => view.connection(record),
      onEvent: (event) => {
        const { data, originAt } = readingOf(event);
        if (data?.kind === "counts") board.counts(data);
        if (data?.kind === "ticker") board.ticker(data);
        if (originAt !== undefined && event.event === STREAM_EVENTS.sentiment)
          latency.add(Date.now() - originAt);
      },
    });
  }
}
