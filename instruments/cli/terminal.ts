import { styleText } from "node:util";

/** Styles the commands use; colour carries no meaning that the words do not. */
export type Style = Parameters<typeof styleText>[0];

/** Where a command writes. Results go to standard output, progress and errors to standard error. */
export interface Terminal {
  /** Columns to wrap at. */
  readonly width: number;
  /** Writes a result; a line break is added. */
  out(text: string): void;
  /** Says what is going on; a line break is added. */
  progress(text: string): void;
  /** The text in a style, or as it is when standard output is no TTY. */
  paint(style: Style, text: string): string;
}

/** The terminal this process runs in. `NO_COLOR` (no-color.org) switches colour off. */
export function processTerminal(): Terminal {
  const colour = process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "";
  return {
    width: process.stdout.columns ?? 100,
    out: (text) => void process.stdout.write(`${text}\n`),
    progress: (text) => void process.stderr.write(`${text}\n`),
    paint: (style, text) => (colour ? styleText(style, text) : text),
  };
}
