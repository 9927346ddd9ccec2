import * as v from "valibot";
import { complaint } from "../../instruments/knowledge-file";
import { readJson } from "../../instruments/terraform-file";
import type { Observed } from "./observed";

const TIME = v.pipe(v.string(), v.isoTimestamp("an ISO 8601 time with a zone"), v.transform(Date.parse));

const READINGS = v.array(
  v.strictObject({ at: TIME, value: v.pipe(v.number(), v.finite("a finite number")) }),
);

const FILE = v.strictObject({
  until: TIME,
  readings: v.strictObject({
    "cold-start": READINGS,
    errors: READINGS,
    memory: READINGS,
    completeness: READINGS,
  }),
});

const EXPECTED =
  '{"until", "readings": {"cold-start": [{"at", "value"}, …], "errors": […], "memory": […], "completeness": […]}}';
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

function time(ms: number): string {
  return new Date(ms).toISOString();
}

/** Measurements as such a file has them. */
export function recordingOf({ until, readings }: Observed): string {
  const entries = Object.entries(readings).map(([measure, all]) => [
    measure,
    all.map(({ at, value }) => ({ at: time(at), value })),
  ]);
  return `${JSON.stringify({ until: time(until), readings: Object.fromEntries(entries) }, undefined, 2)}\n`;
}
