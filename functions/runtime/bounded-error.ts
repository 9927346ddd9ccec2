import { TRACE_LIMITS } from "../../contract/spans";

/** An error cut to what a trace or log line may carry (DAT-1). */
export interface BoundedError {
  /** The class of the error, for example `ThrottlingException`; at most 128 characters. */
  readonly name: string;
  /** At most 2048 characters. */
  readonly message: string;
  /** The usual text of a stack, at most 10 frames; absent when nothing but a value was thrown. */
  readonly stack?: string;
}

const NAME_LENGTH = 128;
/** A frame is one path and two numbers; anything longer is not a frame. */
const FRAME_LENGTH = 512;

function text(value: unknown, length: number): string {
  let whole: string;
  try {
    whole = String(value);
  } catch {
    // A thrown object may lack a prototype or have a throwing toString; losing its text beats losing the trace.
    whole = "(no text)";
  }
  return whole.length > length ? `${whole.slice(0, length - 1)}…` : whole;
}

function frames(stack: unknown): readonly string[] {
  if (typeof stack !== "string") return [];
  // The message stands in front of the frames and may itself be a megabyte of lines, so look for frames only.
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, TRACE_LIMITS.stackFrames)
    .map((line) => text(line, FRAME_LENGTH));
}

/**
 * Cuts anything thrown to the limits of a trace document (DAT-1). Used wherever an error leaves the function: X-Ray,
 * logs, fallback lines, rethrown errors. Never throws.
 *
 * @param error whatever was thrown, an `Error` or not
 */
export function boundError(error: unknown): BoundedError {
  if (!(error instanceof Error)) {
    return { name: "NonError", message: text(error, TRACE_LIMITS.messageLength) };
  }
  const name = text(error.name, NAME_LENGTH);
  const message = text(error.message, TRACE_LIMITS.messageLength);
  return { name, message, stack: [`${name}: ${message}`, ...frames(error.stack)].join("\n") };
}

/**
 * Cuts an error in place, keeping its identity and extra properties, for errors that others will still inspect.
 *
 * @returns the same error, or a new one when something else was thrown
 */
export function boundInPlace(error: unknown): Error {
  const { name, message, stack } = boundError(error);
  if (!(error instanceof Error)) return Object.assign(new Error(message), { name });
  Object.defineProperties(error, {
    message: { value: message, configurable: true, writable: true },
    stack: { value: stack, configurable: true, writable: true },
  });
  return error;
}
