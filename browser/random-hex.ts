/**
 * Random lower-case hex digits, good enough for identifiers that must not collide.
 *
 * @param bytes how many; two digits each
 * @returns undefined when there is no source of randomness
 */
export function randomHex(bytes: number): string | undefined {
  try {
    let digits = "";
    for (const byte of crypto.getRandomValues(new Uint8Array(bytes))) {
      digits += byte.toString(16).padStart(2, "0");
    }
    return digits;
  } catch {
    return undefined;
  }
}
