import { setTimeout as sleep } from "node:timers/promises";

/** The time, and waiting for it; given from outside so that an hour of runs takes a test no time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** @param ms milliseconds */
  sleep(ms: number): Promise<void>;
}

/** The time of the machine. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: async (ms) => {
    await sleep(ms);
  },
};
