import { apiTraceName } from "./api";
import { type Environment, PRODUCT, physicalName } from "./names";
import type { AnnotationKey } from "./spans";

/** An X-Ray sampling rule; every field of the API is explicit (SMP-1). */
export interface SamplingRule {
  readonly noun: string;
  readonly priority: number;
  /** Requests per second always sampled. */
  readonly reservoir: number;
  /** Share sampled beyond the reservoir, 0 to 1. */
  readonly rate: number;
  /** Lambda function name or pattern, because Lambda decides before any SDK runs; the API's gateway decides for it. */
  readonly serviceName: string;
}

/**
 * The sampling rules of an environment (SMP-1). Rates are defaults of Terraform variables. Rules reach root
 * decisions only, and AWS documents Lambda's own rate as fixed: never read "100 %" as a promise.
 *
 * @param defaultRate share sampled by the catch-all rule, 0 to 1
 */
export function samplingRules(environment: Environment, defaultRate: number): readonly SamplingRule[] {
  const everything = `${environment}-${PRODUCT}-*`;
  if (environment !== "prod") {
    return [{ noun: "all", priority: 1000, reservoir: 1, rate: defaultRate, serviceName: everything }];
  }
  return [
    {
      noun: "api",
      priority: 100,
      reservoir: 10,
      rate: 0.1,
      serviceName: apiTraceName(environment),
    },
    {
      noun: "stream",
      priority: 200,
      reservoir: 5,
      rate: 0.05,
      serviceName: physicalName(environment, "sse"),
    },
    { noun: "default", priority: 9000, reservoir: 5, rate: defaultRate, serviceName: everything },
  ];
}

/** What {@link samplingRules} is given unless a setting says otherwise. */
export const DEFAULT_SAMPLING_RATES = { dev: 1, preprod: 1, prod: 0.1 } as const satisfies Record<
  Environment,
  number
>;

/** One step of {@link GRADUATION}. */
export interface GraduationStep {
  /** Requests a second from which on. */
  readonly fromPerSecond: number;
  /** Share to sample, 0 to 1. */
  readonly rate: number;
}

/**
 * How sampling goes down as traffic grows (SMP-8); rules and variables do it, no build. What comes after the last step is
 * sampling at the tail, in a collector that sees whole traces.
 */
export const GRADUATION = [
  { fromPerSecond: 0, rate: 1 },
  { fromPerSecond: 500, rate: 0.5 },
  { fromPerSecond: 2000, rate: 0.1 },
] as const satisfies readonly GraduationStep[];

/** An X-Ray group: a name of at most 32 characters and a filter expression (SMP-2). */
export interface TraceGroup {
  readonly noun: string;
  readonly filter: string;
}

const synthetic: AnnotationKey = "synthetic";
const previousTrace: AnnotationKey = "previous_trace_id";

/** The groups every environment has. */
export const TRACE_GROUPS = [
  { noun: "errors", filter: "fault = true OR error = true" },
  // What is ours: anybody can cause an error of the 4xx kind by asking for what is not there (ADR 0024).
  { noun: "faults", filter: "fault = true" },
  { noun: "live-traces", filter: `!annotation.${synthetic}` },
  { noun: "canary-traces", filter: `annotation.${synthetic} = true` },
  { noun: "sse", filter: 'service("sentiment-analyzer-sse")' },
  { noun: "sse-reconn", filter: `annotation.${previousTrace} BEGINSWITH "1-"` },
] as const satisfies readonly TraceGroup[];

/** The last part of a group's name. */
export type TraceGroupNoun = (typeof TRACE_GROUPS)[number]["noun"];

/** The name of a group in X-Ray. */
export function traceGroupName(environment: Environment, noun: TraceGroupNoun): string {
  return `${environment}-${PRODUCT}-${noun}`;
}

/**
 * The metric X-Ray publishes for each group, and the dimension that names the group. AWS names it in the console only: to be verified on a
 * real account (VERIFY 4), so no alarm treats its absence as a failure.
 */
export const XRAY_TRACE_COUNT = {
  namespace: "AWS/X-Ray",
  name: "ApproximateTraceCount",
  dimension: "GroupName",
} as const;

/** X-Ray's limit on group and rule names. */
export const XRAY_NAME_LENGTH = 32;
