import { clockTime } from "./clock-time";
import { html } from "./element";
import type { ArticleCounts, TickerSentiment } from "./live-data";

const MOST_ROWS = 50;
const FRESH_MS = 1200;
const LABELS = ["positive", "neutral", "negative"] as const;

function tone(label: string): string {
  return LABELS.find((known) => known === label) ?? "neutral";
}

/** A score with its sign, a minus that is as wide as a plus. */
function signed(score: number): string {
  const text = Math.abs(score).toFixed(2);
  return `${score < -0.005 ? "−" : "+"}${text}`;
}

function bar(score: number): HTMLElement {
  const fill = html("span", { class: score < 0 ? "fill below" : "fill above" });
  fill.style.setProperty("--part", String(Math.min(1, Math.abs(score))));
  return html("span", { class: "bar", "aria-hidden": "true" }, fill);
}

/** The board: one row per ticker, and how many articles there are. */
export class Board {
  readonly #rows: HTMLTableSectionElement;
  readonly #counts: HTMLElement;
  #tickers = new Map<string, HTMLTableRowElement>();

  constructor(rows: HTMLTableSectionElement, counts: HTMLElement) {
    this.#rows = rows;
    this.#counts = counts;
  }

  /** Shows the new state of a ticker. */
  ticker({ ticker, score, label, count }: TickerSentiment): void {
    const row = html(
      "tr",
      { "data-label": tone(label), class: "fresh" },
      html("th", { scope: "row" }, ticker),
      html("td", {}, html("span", { class: "score" }, bar(score), signed(score), " "), tone(label)),
      html("td", { class: "number" }, count.toLocaleString("en")),
      html("td", { class: "number" }, clockTime(Date.now())),
    );
    setTimeout(() => row.classList.remove("fresh"), FRESH_MS);
    const before = this.#tickers.get(ticker);
    if (before === undefined && this.#tickers.size >= MOST_ROWS) return;
    this.#tickers.set(ticker, row);
    if (before === undefined) this.#insert(ticker, row);
    else before.replaceWith(row);
  }

  /** Shows how many articles there are. */
  counts(counts: ArticleCounts): void {
    const tile = (name: string, value: number, label?: string) =>
      html(
        "div",
        label === undefined ? {} : { "data-label": label },
        html("dt", {}, name),
        html("dd", {}, value.toLocaleString("en")),
      );
    this.#counts.replaceChildren(
      tile("articles", counts.total),
      ...LABELS.map((label) => tile(label, counts[label], label)),
    );
  }

  /** Forgets everything, because another stream follows. */
  clear(): void {
    this.#tickers = new Map();
    this.#counts.replaceChildren();
    const cell = html("td", { colspan: "4" }, "Waiting for news.");
    this.#rows.replaceChildren(html("tr", { class: "empty" }, cell));
  }

  #insert(ticker: string, row: HTMLTableRowElement): void {
    this.#rows.querySelector(".empty")?.remove();
    const next = [...this.#tickers.keys()].sort().find((other) => other > ticker);
    const before = next === undefined ? undefined : this.#tickers.get(next);
    this.#rows.insertBefore(row, before ?? null);
  }
}
