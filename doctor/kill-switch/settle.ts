import type { FunctionAdmin, FunctionState } from "./function-admin";

/** Waits and says what is going on; a test gives its own. */
export interface Pace {
  /** Milliseconds. */
  sleep(ms: number): Promise<void>;
  progress(text: string): void;
}

const POLL_MS = 2000;
/** Polls before giving up: two minutes, twice what a container image usually takes. */
const POLLS = 60;

/** Reads a function once its last change is applied; `in progress` when it still is not after two minutes. */
export async function readSettled(admin: FunctionAdmin, pace: Pace): Promise<FunctionState> {
  for (let poll = 1; ; poll += 1) {
    const state = await admin.read();
    if (state.update !== "in progress" || poll === POLLS) return state;
    if (poll === 1)
      pace.progress(`waiting until Lambda has applied the last change of ${admin.functionName}`);
    await pace.sleep(POLL_MS);
  }
}
