import { ApiError } from "../api-error";
import { button, html } from "./element";
import { traceId } from "./trace-id";

const MOST = 3;

/** What went wrong, in words for people, each with the trace that tells more. */
export class Problems {
  readonly #list: HTMLElement;
  readonly #banner: HTMLElement;
  readonly #viewer: string;

  /** @param viewer address of a local viewer of traces; empty for none */
  constructor(list: HTMLElement, banner: HTMLElement, viewer: string) {
    this.#list = list;
    this.#banner = banner;
    this.#viewer = viewer;
  }

  /**
   * Shows a problem until it is dismissed or solved; a second of the same kind takes the place of the first.
   *
   * @param tried what did not work, for example "The tickers were not saved"
   */
  show(tried: string, error: unknown, again?: () => void): void {
    this.solved(tried);
    const { message, trace } =
      error instanceof ApiError
        ? { message: error.message, trace: traceId(error.traceId, this.#viewer) }
        : { message: error instanceof Error ? error.message : "", trace: undefined };
    const item = html(
      "div",
      { class: "problem", role: "alert", "data-tried": tried },
      html("p", {}, html("strong", {}, `${tried}. `), message),
      trace && html("p", { class: "quiet" }, "Trace ", trace),
    );
    const dismiss = () => {
      item.remove();
      this.#list.hidden = this.#list.childElementCount === 0;
    };
    const act = (label: string, then?: () => void) =>
      button(label, { class: "small" }, () => {
        dismiss();
        then?.();
      });
    item.append(again === undefined ? act("Dismiss") : act("Try again", again));
    this.#list.prepend(item);
    while (this.#list.childElementCount > MOST) this.#list.lastElementChild?.remove();
    this.#list.hidden = false;
  }

  /** Takes a problem away, because what did not work now has. */
  solved(tried: string): void {
    for (const item of this.#list.querySelectorAll<HTMLElement>(".problem")) {
      if (item.dataset["tried"] === tried) item.remove();
    }
    this.#list.hidden = this.#list.childElementCount === 0;
  }

  /** Says that the API is gone, until it is back. */
  reachable(reachable: boolean): void {
    this.#banner.hidden = reachable;
    this.#banner.textContent = reachable ? "" : "The API is unreachable. What you see may be old.";
  }
}
