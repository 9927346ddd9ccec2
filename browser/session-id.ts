import { randomHex } from "./random-hex";

/**
 * A random UUID, also where `crypto.randomUUID` is missing: in pages that did not come over https (CLI-4).
 *
 * @returns undefined without a source of randomness
 */
export function newSessionId(): string | undefined {
  return randomHex(16)?.replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-a$4-");
}
