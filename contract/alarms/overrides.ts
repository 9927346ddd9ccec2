import type { AlarmDefinition } from "./definition";

/** A reviewed threshold that replaces the contract's. */
export interface ThresholdOverride {
  /** In the unit of the alarm's signal. */
  readonly threshold: number;
  /** The threshold it replaced when it was reviewed. */
  readonly old: number;
  readonly reason: string;
  readonly reviewedBy: string;
  /** YYYY-MM-DD. */
  readonly reviewedOn: string;
}

/** Overrides by alarm id, which is its name without the environment. */
export type ThresholdOverrides = Readonly<Record<string, ThresholdOverride>>;

/** What is wrong with an overrides file. */
export interface OverrideFault {
  /** Key within the file, dots between parts. */
  readonly place: string;
  readonly found: string;
  readonly expected: string;
}

const TEXT_KEYS = ["reason", "reviewedBy", "reviewedOn"] as const;
const KEYS: readonly string[] = ["threshold", "old", ...TEXT_KEYS];
/** Alarm descriptions hold 1024 characters (CloudWatch, PutMetricAlarm) and name the reviewer. */
const LONGEST_REVIEWER = 80;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

/** True for a date of the calendar as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function faultOf(place: string, entry: unknown): OverrideFault | undefined {
  if (!isRecord(entry)) return { place, found: shown(entry), expected: "an object" };
  for (const key of Object.keys(entry)) {
    const expected = `one of ${KEYS.join(", ")}`;
    if (!KEYS.includes(key)) return { place: `${place}.${key}`, found: "an unknown key", expected };
  }
  for (const key of ["threshold", "old"]) {
    if (!Number.isFinite(entry[key]))
      return { place: `${place}.${key}`, found: shown(entry[key]), expected: "a finite number" };
  }
  for (const key of TEXT_KEYS) {
    const text = entry[key];
    if (typeof text !== "string" || text.trim() === "")
      return { place: `${place}.${key}`, found: shown(text), expected: "a text: every override is reviewed" };
  }
  const by = entry["reviewedBy"] as string;
  if (by.length > LONGEST_REVIEWER)
    return {
      place: `${place}.reviewedBy`,
      found: `${by.length} characters`,
      expected: `at most ${LONGEST_REVIEWER}`,
    };
  if (!isDay(entry["reviewedOn"] as string))
    return { place: `${place}.reviewedOn`, found: shown(entry["reviewedOn"]), expected: "a date YYYY-MM-DD" };
  return undefined;
}

/**
 * The first fault of one environment's overrides; `undefined` when they can be used.
 *
 * @param place the environment's key in the file
 * @param definitions every alarm of the environment, whatever its tier
 */
export function overrideFault(
  place: string,
  overrides: unknown,
  definitions: readonly AlarmDefinition[],
): OverrideFault | undefined {
  if (!isRecord(overrides)) return { place, found: shown(overrides), expected: "an object by alarm" };
  for (const [id, entry] of Object.entries(overrides)) {
    const definition = definitions.find((one) => one.id === id);
    const named = `${place}.${id}`;
    if (definition === undefined)
      return { place: named, found: "an unknown alarm", expected: "an alarm of the contract" };
    if (definition.condition === undefined)
      return { place: named, found: "a composite alarm", expected: "an alarm with a threshold" };
    const fault = faultOf(named, entry);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The definitions with their reviewed thresholds; the text that operators read says so. */
export function withThresholds(
  definitions: readonly AlarmDefinition[],
  overrides: ThresholdOverrides,
): readonly AlarmDefinition[] {
  return definitions.map((definition) => {
    const { condition, id, meaning } = definition;
    const override = Object.hasOwn(overrides, id) ? overrides[id] : undefined;
    if (override === undefined || condition === undefined) return definition;
    const { threshold, reviewedBy, reviewedOn } = override;
    const review = `threshold ${threshold} instead of ${condition.threshold}, reviewed by ${reviewedBy} on ${reviewedOn}`;
    return {
      ...definition,
      condition: { ...condition, threshold },
      meaning: `${meaning} (Calibrated: ${review}.)`,
    };
  });
}
