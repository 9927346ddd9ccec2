import { randomHex } from "./random-hex";

const BARE = /(?:^|;)\s*(?:Root=)?(1-[\da-f]{8}-[\da-f]{24})\s*(?:;|$)/;

/**
 * A new trace as a value of X-Ray's header, `Root=1-{8 hex}-{24 hex}`: a root and never a decision, which is the
 * server's (FE-3, ADR 0011).
 *
 * @returns undefined without a source of randomness; the request then goes out without the header
 */
export function newRoot(): string | undefined {
  const seconds = Math.floor(Date.now() / 1000);
  const random = randomHex(12);
  return random && `Root=1-${seconds.toString(16).padStart(8, "0")}-${random}`;
}

/**
 * The bare trace id, `1-{8 hex}-{24 hex}`, of a trace header's value: `Root=1-…;Parent=…` or the id alone (CLI-4).
 *
 * @returns undefined when there is none
 */
export function bareTraceId(value: unknown): string | undefined {
  return BARE.exec(String(value))?.[1];
}
