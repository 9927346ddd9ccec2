import { USER_LIMITS } from "../../contract/api";
import type { ApiClient } from "../api-client";
import { ApiError } from "../api-error";
import { type PageAction, startAction } from "../page-action";
import { button, html } from "./element";
import type { Problems } from "./problems";
import type { Session } from "./session";

/** A configuration of the user's, as far as the page shows it. */
interface Configuration {
  readonly id: string;
  readonly name: string;
  readonly tickers: readonly string[];
}

/** Where the form and its outcome are. */
export interface WatchParts {
  readonly form: HTMLFormElement;
  readonly name: HTMLInputElement;
  readonly tickers: HTMLInputElement;
  readonly hint: HTMLElement;
  readonly wrong: HTMLElement;
  readonly list: HTMLElement;
  readonly shown: HTMLSelectElement;
}

const MOST = USER_LIMITS.tickersPerConfiguration;

/** The server's words are for programs: it speaks of lists of objects. */
const TICKERS_WANTED = `Name 1 to ${MOST} tickers as they are traded, for example AAPL or BRK.B.`;

const NOT_SAVED = "The tickers were not saved";

/** What the form sends: the server judges what a ticker is, and says so. */
function symbolsOf(text: string): readonly string[] {
  return [...new Set(text.toUpperCase().split(/[\s,;]+/))].filter((symbol) => symbol !== "");
}

function configurationsOf(answer: unknown): readonly Configuration[] {
  const list = (answer as { configurations?: unknown } | null)?.configurations;
  return (Array.isArray(list) ? list : []).map(
    (one: { id?: unknown; name?: unknown; tickers?: readonly { symbol?: unknown }[] }) => ({
      id: String(one.id),
      name: String(one.name),
      tickers: (one.tickers ?? []).map(({ symbol }) => String(symbol)),
    }),
  );
}

/** The tickers, unless the name says the same. */
function besides(name: string, tickers: readonly string[]): readonly (string | HTMLElement)[] {
  const list = tickers.join(", ");
  return list === name ? [] : [" ", html("span", { class: "quiet" }, list)];
}

/** The form by which somebody watches tickers of their own, and the list of what they watch. */
export class Watch {
  readonly #parts: WatchParts;
  readonly #api: ApiClient;
  readonly #session: Session;
  readonly #problems: Problems;

  constructor(parts: WatchParts, api: ApiClient, session: Session, problems: Problems) {
    this.#parts = parts;
    this.#api = api;
    this.#session = session;
    this.#problems = problems;
    parts.name.maxLength = USER_LIMITS.configurationNameLength;
    parts.hint.textContent = `Up to ${MOST}, for example AAPL, MSFT. You can watch ${USER_LIMITS.configurations} lists.`;
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  async #submit(): Promise<void> {
    const { form, name, tickers, wrong } = this.#parts;
    if (tickers.readOnly) return;
    const symbols = symbolsOf(tickers.value);
    wrong.textContent = "";
    if (symbols.length === 0 || symbols.length > MOST) {
      this.#refuse(TICKERS_WANTED);
      return;
    }
    this.#busy(true);
    const action = startAction();
    try {
      await this.#session.start(action);
      const body = {
        name: name.value.trim() || symbols.join(", ").slice(0, USER_LIMITS.configurationNameLength),
        tickers: symbols.map((symbol) => ({ symbol })),
      };
      await this.#api.call("createConfiguration", { body, action });
      form.reset();
      this.#problems.solved(NOT_SAVED);
      await this.#refresh(action);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#busy(false);
    }
  }

  /** What is typed while a request is on its way would be lost when it succeeds. */
  #busy(busy: boolean): void {
    const { form, name, tickers } = this.#parts;
    form.querySelector("button")?.setAttribute("aria-busy", String(busy));
    for (const input of [name, tickers]) input.readOnly = busy;
  }

  #failed(error: unknown): void {
    if (error instanceof ApiError && error.status === 401) this.#session.forget();
    const fields = error instanceof ApiError ? error.fields : [];
    if (fields.some(({ field }) => field.startsWith("tickers"))) this.#refuse(TICKERS_WANTED);
    else this.#problems.show(NOT_SAVED, error);
  }

  #refuse(reason: string): void {
    const { wrong, tickers } = this.#parts;
    wrong.textContent = reason;
    tickers.setAttribute("aria-invalid", "true");
    tickers.addEventListener("input", () => tickers.removeAttribute("aria-invalid"), { once: true });
    tickers.focus();
  }

  async #end(id: string): Promise<void> {
    const action = startAction();
    try {
      await this.#api.call("deleteConfiguration", { path: { id }, action });
      await this.#refresh(action);
    } catch (error) {
      this.#problems.show("The list was not ended", error);
    }
  }

  async #refresh(action: PageAction): Promise<void> {
    const all = configurationsOf(await this.#api.call("listConfigurations", { action }));
    const { list, shown } = this.#parts;
    list.replaceChildren(
      ...all.map(({ id, name, tickers }) =>
        html(
          "li",
          {},
          html("span", {}, html("strong", {}, name), ...besides(name, tickers)),
          button("End", { class: "small", "aria-label": `End ${name}` }, () => void this.#end(id)),
        ),
      ),
    );
    const before = shown.value;
    shown.replaceChildren(
      html("option", { value: "" }, "everything"),
      ...all.map(({ id, name }) => html("option", { value: id }, name)),
    );
    shown.value = all.some(({ id }) => id === before) ? before : "";
    if (shown.value !== before) shown.dispatchEvent(new Event("change"));
  }
}
