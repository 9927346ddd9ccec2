import { PAGE_MONITORING, RUM_FAILED_LINE, RUM_TIMEOUT_LINE } from "../../contract/page";
import type { RumSettings } from "./rum-settings";

const LATE = Symbol("late");

function log(line: object): void {
  // biome-ignore lint/suspicious/noConsole: the page's log, and what a test of the page waits for (FE-5)
  console.warn(JSON.stringify(line));
}

/**
 * Loads the monitoring client and waits until it has patched `fetch`, five seconds at most (FE-5). Whatever becomes of
 * it, the page goes on; a client that comes late still starts.
 *
 * @param origins who gets its trace header: the API's and the stream's
 * @param version of the page
 */
export async function startRum(
  settings: RumSettings,
  origins: readonly string[],
  version: string,
): Promise<void> {
  const started = import("./rum-client").then(({ startRumClient }) => {
    startRumClient(settings, origins, version);
  });
  const late = new Promise<typeof LATE>((resolve) => setTimeout(resolve, PAGE_MONITORING.waitMs, LATE));
  try {
    if ((await Promise.race([started, late])) === LATE) {
      log(RUM_TIMEOUT_LINE);
      started.catch(() => log(RUM_FAILED_LINE));
    }
  } catch {
    log(RUM_FAILED_LINE);
  }
}
