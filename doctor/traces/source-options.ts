import type { Command } from "commander";
import { InputError } from "../../instruments/terraform-file";
import { LiveTraceSource } from "../xray/live";
import { RecordedTraceSource } from "../xray/recorded";
import type { TraceSource } from "../xray/source";
import type { Window } from "../xray/window";
import { checkKept, rangeOf } from "./range";

/** Options that say where traces come from. */
export interface SourceOptions {
  readonly recorded?: string;
  readonly region?: string;
}

/** Options that say which time is looked at. */
export interface RangeOptions {
  readonly since?: string;
  readonly until?: string;
}

/** All of time a date can name, which is what a recording is searched over. */
export const ALWAYS: Window = { fromMs: 0, toMs: 8_640_000_000_000_000 };

/** Adds {@link SourceOptions} to a command. */
export function withSource(command: Command): Command {
  return command
    .option("--recorded <file>", "answers of X-Ray, or an archive, instead of X-Ray itself")
    .option("--region <region>", "AWS region; default: the SDK's");
}

/** Adds {@link RangeOptions} to a command. @param since what it is when nothing is given. @param until the same */
export function withRange(command: Command, since: string, until = "now"): Command {
  return command
    .option("--since <time>", `how long ago, such as 30m, 2h or 3d, or a time in ISO 8601; default: ${since}`)
    .option("--until <time>", `the same; default: ${until}`);
}

/** The source the options name. @throws InputError when both are given, or the recording cannot be read */
export function sourceOf({ recorded, region }: SourceOptions): TraceSource {
  if (recorded === undefined) return new LiveTraceSource({ region });
  if (region === undefined) return new RecordedTraceSource(recorded);
  throw new InputError("--region", region, "none with --recorded", "leave one of the two out");
}

/** The range the options name; the whole of a recording when they name none. @throws InputError */
export function rangeOptions(options: SourceOptions & RangeOptions, since: string): Window {
  const { recorded, since: from, until } = options;
  if (recorded !== undefined && from === undefined && until === undefined) return ALWAYS;
  const now = Date.now();
  const range = rangeOf(from ?? since, until, now);
  if (recorded === undefined) checkKept(range, now);
  return range;
}

/** Runs `work` with a source and lets go of it. */
export async function using<T>(source: TraceSource, work: (source: TraceSource) => Promise<T>): Promise<T> {
  try {
    return await work(source);
  } finally {
    source.close();
  }
}
