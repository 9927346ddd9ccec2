import { SKEW_LIMIT_MS, skewInWords } from "../aws/clock";
import type { Probe } from "./probe";

/** Milliseconds above which spans of this machine and others visibly disagree in a waterfall. */
const VISIBLE_MS = 30_000;

const NTP =
  "set the clock by NTP (timedatectl set-ntp true, or chrony); in a virtual machine or container, set its host's";

/** DOC-3 credentials: the clock, without which signatures are refused and traces land at another time. */
export const clock: Probe = {
  id: "clock",
  label: "Clock of this machine",
  why: "AWS refuses signatures five minutes off, and X-Ray shows segments at the time the clock claims.",
  weight: "required",
  missing: () => undefined,
  look: async ({ identity }) => {
    const { skewMs } = await identity();
    const seen = { evidence: "header Date of an answer of STS", wanted: "less than 30 s from AWS's clock" };
    if (skewMs === undefined) {
      const found = "no answer to compare with";
      return [{ ...seen, verdict: "undecided", found, fix: "mend what AWS credentials or Region say" }];
    }
    const found = `${skewInWords(skewMs)}${skewMs === 0 ? " of a difference" : ""}`;
    if (Math.abs(skewMs) <= VISIBLE_MS) return [{ ...seen, verdict: "pass", found }];
    return [{ ...seen, verdict: Math.abs(skewMs) > SKEW_LIMIT_MS ? "fail" : "warn", found, fix: NTP }];
  },
};
