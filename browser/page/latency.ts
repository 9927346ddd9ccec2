import { html, svg } from "./element";

const KEPT = 60;
const FEWEST = 20;
const WIDTH = 240;
const HEIGHT = 56;
const EDGE = 4;

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** How old events are when they arrive: the last sixty, as a line. */
export class Latency {
  readonly #figure: HTMLElement;
  #values: number[] = [];

  constructor(figure: HTMLElement) {
    this.#figure = figure;
    this.#show();
  }

  /** Adds an event. @param ms its age; negative when two clocks disagree, which counts as nothing */
  add(ms: number): void {
    this.#values = [...this.#values, Math.max(0, ms)].slice(-KEPT);
    this.#show();
  }

  #show(): void {
    const last = this.#values.at(-1);
    if (last === undefined) {
      this.#figure.replaceChildren(html("figcaption", { class: "quiet" }, "No event yet."));
      return;
    }
    const sorted = [...this.#values].sort((a, b) => a - b);
    const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? last;
    const most = sorted.at(-1) ?? last;
    const words = `${seconds(last)} now, ${seconds(median)} in the middle, ${seconds(most)} at most`;
    this.#figure.replaceChildren(
      this.#line(most, `Latency of the last ${this.#values.length} events: ${words}`),
      html(
        "figcaption",
        {},
        html("strong", {}, seconds(last)),
        ` now · median ${seconds(median)} · most ${seconds(most)}`,
      ),
    );
  }

  #line(most: number, label: string): SVGSVGElement {
    // A flat line of small values should not fill the box.
    const top = Math.max(most, 1000);
    const step = (WIDTH - 2 * EDGE) / (Math.max(this.#values.length, FEWEST) - 1);
    const x = (index: number) => EDGE + index * step;
    const y = (ms: number) => HEIGHT - EDGE - (ms / top) * (HEIGHT - 2 * EDGE);
    const points = this.#values.map((ms, index) => [x(index), y(ms)] as const);
    const [endX = 0, endY = 0] = points.at(-1) ?? [];
    const line = points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(" ");
    const size = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label };
    const base = { x1: "0", x2: String(WIDTH), y1: String(y(0)), y2: String(y(0)), class: "base" };
    return svg(
      "svg",
      size,
      svg("line", base),
      svg("polygon", { points: `${x(0)},${y(0)} ${line} ${endX.toFixed(1)},${y(0)}` }),
      svg("polyline", { points: line }),
      svg("circle", { cx: endX.toFixed(1), cy: endY.toFixed(1), r: "3" }),
    );
  }
}
