import * as v from "valibot";
import type { Environment } from "../../contract/names";
import { complaint } from "../../instruments/knowledge-file";
import { InputError, readJson } from "../../instruments/terraform-file";
import type { Observed } from "./observed";

const TIME = v.pipe(v.string(), v.isoTimestamp("an ISO 8601 time with a zone"), v.transform(Date.parse));

const READINGS = v.array(
  v.strictObject({ at: TIME, value: v.pipe(v.number(), v.finite("a finite number")) }),
);

const FILE = v.strictObject({
  environment: v.string(),
  until: TIME,
  readings: v.strictObject({
    "cold-start": READINGS,
    errors: READINGS,
    memory: READINGS,
    completeness: READINGS,
  }),
});

const EXPECTED =
  '{"environment", "until", "readings": {"cold-start": [{"at", "value"}, …], "errors": […], "memory": […], "completeness": […]}}';
const NEXT_STEP = "tracewright rollback evaluate --record writes such a file";

/**
 * Reads measurements from a file.
 *
 * @throws InputError naming file and key, also when they are of another environment
 */
export function recordedObserved(file: string, environment: Environment): Observed {
  const parsed = v.safeParse(FILE, readJson(file, EXPECTED, NEXT_STEP));
  if (!parsed.success) throw complaint(file, parsed.issues[0], NEXT_STEP);
  const { environment: found, ...observed } = parsed.output;
  if (found === environment) return observed;
  throw new InputError(
    `${file}: environment`,
    found,
    environment,
    "give the environment it was recorded in, or record again",
  );
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}

/** Measurements as such a file has them. */
export function recordingOf({ until, readings }: Observed, environment: Environment): string {
  const entries = Object.entries(readings).map(([measure, all]) => [
    measure,
    all.map(({ at, value }) => ({ at: time(at), value })),
  ]);
  const all = { environment, until: time(until), readings: Object.fromEntries(entries) };
  return `${JSON.stringify(all, undefined, 2)}\n`;
}
