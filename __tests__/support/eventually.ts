import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 5000;
const STEP_MS = 20;

/**
 * Waits until a value is there.
 *
 * @throws Error when it is not after five seconds
 */
export async function eventually<T>(what: string, look: () => T | undefined): Promise<T> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(STEP_MS)) {
    const found = look();
    if (found !== undefined) return found;
  }
  throw new Error(`${what} did not come within ${PATIENCE_MS} ms`);
}
