import * as v from "valibot";
import { complaint } from "../knowledge-file";
import { readJson } from "../terraform-file";

const count = v.pipe(v.number(), v.finite("a finite number"), v.minValue(0, "0 or more"));

const FUNCTION = v.strictObject({
  /** Runs a month, instead of what schedules say. */
  requestsPerMonth: v.optional(count),
  /** Bytes logged by each run. */
  logBytesPerRequest: v.optional(count),
});

const TRAFFIC = v.strictObject({
  functions: v.optional(v.record(v.string(), FUNCTION), {}),
  rumEventsPerMonth: v.optional(count, 0),
  /** Custom metrics the account has beside those the file shows. */
  otherCustomMetrics: v.optional(count, 0),
  daysPerMonth: v.optional(v.pipe(count, v.minValue(1, "1 to 31"), v.maxValue(31, "1 to 31")), 30),
});

/** How busy an application is. */
export type Traffic = v.InferOutput<typeof TRAFFIC>;

/** Traffic when nothing is known but schedules. */
export const SCHEDULES_ONLY: Traffic = v.parse(TRAFFIC, {});

const EXPECTED =
  'traffic: {"functions": {"NAME": {"requestsPerMonth", "logBytesPerRequest"}}, "rumEventsPerMonth", ' +
  '"otherCustomMetrics", "daysPerMonth"}';
const NEXT_STEP = "compare it with tracewright cost --help";

/**
 * Reads a traffic file.
 *
 * @throws InputError naming the key, what was found and what was expected
 */
export function readTraffic(file: string): Traffic {
  const parsed = v.safeParse(TRAFFIC, readJson(file, EXPECTED, NEXT_STEP));
  if (parsed.success) return parsed.output;
  throw complaint(file, parsed.issues[0], NEXT_STEP);
}
