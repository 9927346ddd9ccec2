import { randomBytes } from "node:crypto";

/** A trace begun here, and the header that makes everybody record it. */
export interface BegunTrace {
  /** Bare: `1-{8 hex}-{24 hex}`. */
  readonly id: string;
  /** Value of `X-Amzn-Trace-Id`, decided in favour: rules may leave a function's root out. */
  readonly header: string;
}

/** Begins a trace. @param now epoch milliseconds */
export function beginTrace(now: number): BegunTrace {
  const epoch = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, "0");
  const id = `1-${epoch}-${randomBytes(12).toString("hex")}`;
  return { id, header: `Root=${id};Parent=${randomBytes(8).toString("hex")};Sampled=1` };
}
