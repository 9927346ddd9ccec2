import type { ConnectionRecord, StateReason, StreamState } from "../stream-state";
import { clockTime } from "./clock-time";
import { html } from "./element";
import { traceId } from "./trace-id";

/** Where the stream's state is shown. */
export interface StreamParts {
  readonly state: HTMLElement;
  readonly name: HTMLElement;
  readonly reason: HTMLElement;
  readonly connections: HTMLElement;
}

const NAMES: Readonly<Record<StreamState, string>> = {
  CONNECTING: "Connecting",
  OPEN: "Live",
  CLOSED: "Closed",
};

const REASONS: Readonly<Record<StateReason, string>> = {
  start: "Connecting for the first time.",
  open: "Connected: events arrive as they happen.",
  graceful: "The stream ended as planned. Connecting again.",
  abnormal: "The stream broke off. Connecting again.",
  network: "No connection. Trying again, less and less often.",
  cancelled: "Ended by this page.",
  refused: "The server refuses this stream.",
  hidden: "Paused, because the page is out of sight.",
  "no-content": "The server has nothing to send.",
  unauthorized: "The server does not know this session. Reload the page.",
  forbidden: "The server refuses this stream.",
  "too-large": "The server sent an event of absurd size.",
};

const ENDINGS: Readonly<Record<NonNullable<ConnectionRecord["ending"]>, string>> = {
  graceful: "as planned",
  abnormal: "broke off",
  network: "no connection",
  cancelled: "by this page",
  refused: "refused",
  hidden: "page hidden",
};

const MOST_ROWS = 50;

function nextOf(delayMs: number | undefined): string {
  return delayMs === undefined ? "" : `, next after ${(delayMs / 1000).toFixed(1)} s`;
}

function endOf({ ending, status, delayMs }: ConnectionRecord): string {
  if (ending === undefined) return "open";
  // A reset after the answer had begun is no lack of a connection.
  if (ending === "network" && status === 200) return `connection lost${nextOf(delayMs)}`;
  const refused = status !== undefined && status !== 200 ? ` (${status})` : "";
  return `${ENDINGS[ending]}${refused}${nextOf(delayMs)}`;
}

/** The stream's state with its reason, and its connections with their traces, newest first. */
export class StreamView {
  readonly #parts: StreamParts;
  readonly #viewer: string;
  readonly #rows = new WeakMap<ConnectionRecord, HTMLElement>();

  /** @param viewer address of a local viewer of traces; empty for none */
  constructor(parts: StreamParts, viewer: string) {
    this.#parts = parts;
    this.#viewer = viewer;
  }

  /** Shows a state. It is announced to screen readers, so only when it changes. */
  state(state: StreamState, reason: StateReason): void {
    this.#parts.state.dataset["state"] = state;
    this.#parts.name.textContent = NAMES[state];
    this.#parts.reason.textContent = REASONS[reason];
  }

  /** Shows a connection that has opened or ended. */
  connection(record: ConnectionRecord): void {
    const row = html(
      "tr",
      { "data-ending": record.ending ?? "open" },
      html("td", { class: "number" }, String(record.sequence)),
      html("td", {}, clockTime(record.startedAt)),
      html("td", {}, endOf(record)),
      html("td", {}, traceId(record.traceId, this.#viewer)),
    );
    const before = this.#rows.get(record);
    this.#rows.set(record, row);
    if (before === undefined) this.#parts.connections.prepend(row);
    else before.replaceWith(row);
    while (this.#parts.connections.childElementCount > MOST_ROWS)
      this.#parts.connections.lastElementChild?.remove();
  }
}
