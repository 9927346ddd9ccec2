import * as v from "valibot";
import { TIER_ORDER } from "./scenario";

const name = v.pipe(v.string(), v.minLength(1, "a text of one character or more"));
/** CloudWatch takes values from -2^360 to 2^360 (API reference, MetricDatum). */
const VALUE_WORDS = "a number CloudWatch accepts, from -2^360 to 2^360";
const finite = v.pipe(v.number(), v.minValue(-(2 ** 360), VALUE_WORDS), v.maxValue(2 ** 360, VALUE_WORDS));
const seconds = v.pipe(finite, v.minValue(0, "0 or more seconds"));
const positive = v.pipe(finite, v.minValue(0, "0 or more"));
const share = v.pipe(finite, v.minValue(0, "a share from 0 to 1"), v.maxValue(1, "a share from 0 to 1"));
const count = v.pipe(v.number(), v.integer("a whole number"), v.minValue(1, "1 or more"));

const SELECT = v.strictObject({
  namespace: v.optional(name),
  metric: v.optional(name),
  dimensions: v.optional(v.record(v.string(), v.string())),
  function: v.optional(name),
  startedBy: v.optional(v.picklist(["schedule", "events", "requests", "traffic"])),
  streams: v.optional(v.boolean()),
  source: v.optional(v.picklist(["aws", "custom", "log"])),
  role: v.optional(
    v.picklist([
      "invocations",
      "errors",
      "throttles",
      "duration",
      "proof-of-life",
      "counter",
      "gauge",
      "queue",
      "cost",
    ]),
  ),
});

const common = {
  select: SELECT,
  afterSeconds: v.optional(seconds),
  lastsSeconds: v.optional(seconds),
};

const EFFECT = v.variant("do", [
  v.strictObject({ do: v.literal("silent"), ...common }),
  v.strictObject({ do: v.literal("set"), value: finite, ...common }),
  v.strictObject({ do: v.literal("set-to-limit"), share, ...common }),
  v.strictObject({ do: v.literal("multiply"), by: finite, ...common }),
  v.strictObject({ do: v.literal("add"), value: finite, ...common }),
  v.strictObject({ do: v.literal("shift"), seconds: finite, ...common }),
  v.strictObject({ do: v.literal("traffic"), by: positive, ...common }),
  v.strictObject({
    do: v.literal("errors"),
    share,
    events: v.optional(count),
    attempts: v.optional(count),
    ...common,
  }),
]);

const SCENARIO = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "words in small letters joined by hyphens")),
  title: name,
  kind: v.picklist(["fault", "quiet"]),
  each: v.optional(v.union([v.strictObject({ function: SELECT }), v.strictObject({ metric: SELECT })])),
  promisedFrom: v.optional(v.picklist(TIER_ORDER)),
  startsAt: v.optional(v.pipe(seconds, v.maxValue(86_399, "a second of one day"))),
  lastsSeconds: v.pipe(seconds, v.maxValue(14 * 86_400, "at most 14 days")),
  lagSeconds: v.optional(v.pipe(seconds, v.maxValue(86_400, "at most a day"))),
  effects: v.array(EFFECT),
});

const NORMAL = v.strictObject({
  select: SELECT,
  value: finite,
  everySeconds: v.optional(v.pipe(seconds, v.minValue(60, "60 or more seconds"))),
});

/** The shape of a scenario file. */
export const SCENARIO_FILE = v.strictObject({
  /** Free text for readers. */
  about: v.optional(v.string()),
  /** Runs a minute of functions that events start. */
  eventsPerMinute: v.optional(
    v.pipe(finite, v.minValue(0.001, "above 0"), v.maxValue(100_000, "at most 100,000")),
  ),
  /** What metrics are on a normal day, where the default is wrong. */
  normal: v.optional(v.array(NORMAL)),
  scenarios: v.array(SCENARIO),
});

/** A scenario file as read. */
export type ScenarioFile = v.InferOutput<typeof SCENARIO_FILE>;
