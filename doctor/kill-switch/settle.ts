import { Conflict, type FunctionAdmin, type FunctionState } from "./function-admin";

/** Waits and says what is going on; a test gives its own. */
export interface Pace {
  /** Milliseconds. */
  sleep(ms: number): Promise<void>;
  progress(text: string): void;
}

const POLL_MS = 2000;
/** Polls before giving up: two minutes, twice what a container image usually takes. */
const POLLS = 60;

/**
 * Reads `$LATEST` or a version once Lambda's last change of it is applied; `in progress` when it still is not after two
 * minutes.
 */
export async function readSettled(
  admin: FunctionAdmin,
  pace: Pace,
  version?: string,
): Promise<FunctionState> {
  for (let poll = 1; ; poll += 1) {
    const state = await admin.read(version);
    if (state.update !== "in progress" || poll === POLLS) return state;
    if (poll === 1)
      pace.progress(
        version === undefined
          ? `waiting until Lambda has applied the last change of ${admin.functionName}`
          : `waiting until version ${version} of ${admin.functionName} can be called`,
      );
    await pace.sleep(POLL_MS);
  }
}

/**
 * Writes once Lambda is no longer busy with an earlier change.
 *
 * @throws Conflict when it still is after two minutes, or when the revision has changed; what `write` throws otherwise
 */
export async function onceFree<T>(write: () => Promise<T>, pace: Pace): Promise<T> {
  for (let poll = 1; ; poll += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof Conflict && error.busy) || poll === POLLS) throw error;
      if (poll === 1) pace.progress("waiting until Lambda is done with an earlier change");
      await pace.sleep(POLL_MS);
    }
  }
}
