import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Terminal } from "../../../instruments/cli/terminal";

/** The first minute of every constructed baseline, epoch ms. */
export const START_MS = Date.parse("2026-11-01T00:00:00Z");

/** A metric as one line of CSV names it. */
export interface Line {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: string;
}

/** The duration of a function of the prod stack. */
export function duration(service: string): Line {
  return { namespace: "AWS/Lambda", metric: "Duration", dimensions: `FunctionName=${service}` };
}

/** CSV of metrics with a value for each of so many minutes, `everyMinutes` apart. */
export function csv(
  metrics: readonly (readonly [Line, (index: number) => number])[],
  days: number,
  everyMinutes = 5,
): string {
  const lines = ["timestamp,namespace,metric,dimensions,value"];
  for (let i = 0; i * everyMinutes < days * 1440; i++) {
    const time = new Date(START_MS + i * everyMinutes * 60_000).toISOString();
    for (const [{ namespace, metric, dimensions }, value] of metrics)
      lines.push(`${time},${namespace},${metric},${dimensions},${value(i)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Writes a file into a directory of its own and returns its path. */
export function written(content: string, name = "baseline.csv"): string {
  const file = join(mkdtempSync(join(tmpdir(), "tracewright-calibrate-")), name);
  writeFileSync(file, content);
  return file;
}

/** A terminal that keeps what it is told. */
export function recorder(): Terminal & { readonly outs: string[]; readonly said: string[] } {
  const outs: string[] = [];
  const said: string[] = [];
  return {
    width: 100,
    outs,
    said,
    out: (text) => void outs.push(text),
    progress: (text) => void said.push(text),
    paint: (_style, text) => text,
  };
}
