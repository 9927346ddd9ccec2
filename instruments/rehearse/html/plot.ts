import type { Plot } from "../search/verdict";
import { escaped } from "./escape";

const WIDTH = 320;
const HEIGHT = 96;
const BAND = 10;
const TOP = 8;
const PLOT = HEIGHT - BAND - 8;

const STATE_COLOURS = { OK: "var(--good)", ALARM: "var(--bad)", INSUFFICIENT_DATA: "var(--idle)" } as const;

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Above its line where there is room, else below. */
function labelY(line: number): number {
  return line < 14 ? line + 10 : line - 3;
}

/** Points of the signal as SVG paths: a line where neighbours exist, a dot where one stands alone. */
function signalOf(plot: Plot, x: (s: number) => number, y: (v: number) => number): string {
  const stretches: string[][] = [[]];
  plot.values.forEach((value, i) => {
    if (value === undefined) stretches.push([]);
    else stretches.at(-1)?.push(`${x(plot.seconds[i] as number).toFixed(1)} ${y(value).toFixed(1)}`);
  });
  return stretches
    .filter((one) => one.length > 0)
    .map((one) =>
      one.length === 1
        ? `<circle cx="${one[0]?.split(" ")[0]}" cy="${one[0]?.split(" ")[1]}" r="1.6" fill="var(--accent)"/>`
        : `<path d="M${one.join("L")}" fill="none" stroke="var(--accent)" stroke-width="1.6"/>`,
    )
    .join("");
}

/** The signal of an alarm, its threshold, the fault and the band of states as one inline SVG. */
export function plotSvg(plot: Plot, label: string): string {
  const known = plot.values.filter((value) => value !== undefined);
  const bounds = plot.threshold === undefined ? known : [...known, plot.threshold];
  const low = Math.min(0, ...bounds);
  const high = Math.max(...bounds, low + 1e-9);
  const x = (seconds: number) => (seconds / plot.lengthSeconds) * WIDTH;
  const y = (value: number) => TOP + (1 - (value - low) / (high - low)) * (PLOT - TOP);
  const fault = `<rect x="${x(plot.faultFrom).toFixed(1)}" y="0" width="${Math.max(1, x(plot.faultTo - plot.faultFrom)).toFixed(1)}" height="${PLOT + 4}" fill="var(--warn-bg)"/>`;
  const threshold =
    plot.threshold === undefined
      ? ""
      : `<line x1="0" x2="${WIDTH}" y1="${y(plot.threshold).toFixed(1)}" y2="${y(plot.threshold).toFixed(1)}" stroke="var(--bad)" stroke-dasharray="4 3"/><text x="${WIDTH - 2}" y="${labelY(y(plot.threshold)).toFixed(1)}" text-anchor="end" font-size="9" fill="var(--bad)">${short(plot.threshold)}</text>`;
  const states = plot.states
    .map((one, i) => {
      const from = x(one.fromSeconds);
      const to = x(plot.states[i + 1]?.fromSeconds ?? plot.lengthSeconds);
      return `<rect x="${from.toFixed(1)}" y="${HEIGHT - BAND}" width="${Math.max(0, to - from).toFixed(1)}" height="${BAND}" fill="${STATE_COLOURS[one.state]}"/>`;
    })
    .join("");
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(label)}">${fault}${threshold}${signalOf(plot, x, y)}${states}</svg>`;
}
