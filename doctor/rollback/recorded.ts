import * as v from "valibot";
import { complaint } from "../../instruments/knowledge-file";
import { readJson } from "../../instruments/terraform-file";
import type { Observed } from "./observed";

const READING = v.strictObject({
  at: v.pipe(v.string(), v.isoTimestamp("an ISO 8601 time with a zone"), v.transform(Date.parse)),
  value: v.pipe(v.number(), v.finite("a finite number")),
});

const READINGS = v.array(READING);

const FILE = v.strictObject({
  "cold-start": READINGS,
  errors: READINGS,
  memory: READINGS,
  completeness: READINGS,
});

const EXPECTED = '{"cold-start": [{"at", "value"}, …], "errors": […], "memory": […], "completeness": […]}';
const NEXT_STEP = "tracewright rollback evaluate --record writes such a file";

/**
 * Reads measurements from a file.
 *
 * @throws InputError naming file and key
 */
export function recordedObserved(file: string): Observed {
  const parsed = v.safeParse(FILE, readJson(file, EXPECTED, NEXT_STEP));
  if (parsed.success) return parsed.output;
  throw complaint(file, parsed.issues[0], NEXT_STEP);
}

/** Measurements as such a file has them. */
export function recordingOf(observed: Observed): string {
  const entries = Object.entries(observed).map(([measure, readings]) => [
    measure,
    readings.map(({ at, value }) => ({ at: new Date(at).toISOString(), value })),
  ]);
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`;
}
