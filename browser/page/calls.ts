import { API_ROUTES } from "../../contract/api";
import type { FinishedCall } from "../api-client";
import { html } from "./element";
import { traceId } from "./trace-id";

const MOST_ROWS = 30;

/** The requests this page has made, newest first. */
export class Calls {
  readonly #rows: HTMLElement;
  readonly #viewer: string;

  /** @param viewer address of a local viewer of traces; empty for none */
  constructor(rows: HTMLElement, viewer: string) {
    this.#rows = rows;
    this.#viewer = viewer;
  }

  /** Shows a request that has ended. */
  add({ route, traceId: trace, tookMs, error }: FinishedCall): void {
    const { method, path } = API_ROUTES[route];
    this.#rows.prepend(
      html(
        "tr",
        error === undefined ? {} : { "data-ending": "network" },
        html("td", {}, html("code", {}, `${method} ${path}`)),
        html("td", {}, error === undefined ? "fine" : error.code),
        html("td", { class: "number" }, `${Math.round(tookMs)} ms`),
        html("td", {}, traceId(trace, this.#viewer)),
      ),
    );
    while (this.#rows.childElementCount > MOST_ROWS) this.#rows.lastElementChild?.remove();
  }
}
