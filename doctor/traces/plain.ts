import { plain } from "../../instruments/cli/plain";

/** Text that fits a column, marked where it was cut. @param columns at least 1 */
export function cut(text: string, columns: number): string {
  const letters = [...plain(text)];
  return letters.length <= columns ? letters.join("") : `${letters.slice(0, columns - 1).join("")}…`;
}

/** The same, filled with blanks. */
export function cell(text: string, columns: number): string {
  const fitting = cut(text, columns);
  return fitting + " ".repeat(columns - [...fitting].length);
}

/** Seconds as people read them: 850 ms, 2.50 s, 4 min 10 s. */
export function lasting(seconds: number | undefined): string {
  if (seconds === undefined) return "?";
  if (seconds < 0.0995) return `${Math.round(seconds * 10_000) / 10} ms`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.995) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
