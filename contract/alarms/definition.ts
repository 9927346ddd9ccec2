import type { Environment } from "../names";
import { type ServiceKey, scheduleSeconds } from "../services";

/** How many alarms an environment pays for; each tier is a budget, not a superset (design §5.10). */
export const TIERS = ["essential", "standard", "full"] as const;

/** One of {@link TIERS}. */
export type Tier = (typeof TIERS)[number];

/** Who is woken: `critical` at once, `warning` in office hours, `info` never. */
export const SEVERITIES = ["critical", "warning", "info"] as const;

/** One of {@link SEVERITIES}. */
export type Severity = (typeof SEVERITIES)[number];

/** What CloudWatch does when a period has no data; `ignore` is never right. */
export type MissingData = "breaching" | "missing" | "notBreaching";

/** A page under `docs/runbooks/`, without its ending. */
export type Runbook =
  | "errors"
  | "latency"
  | "memory"
  | "throttles"
  | "dead-letter-queue"
  | "stuck-items"
  | "silent-failures"
  | "metric-fallback"
  | "heartbeat"
  | "no-new-items"
  | "vendors"
  | "streaming"
  | "collector"
  | "api"
  | "mail"
  | "trace-errors"
  | "tracing-cost"
  | "canary"
  | "permission-drift"
  | "version-skew"
  | "critical";

/**
 * Where an alarm lives whose metric is not in the stack's region: `billing` where charges are told, `backup` where the
 * canary's heartbeat arrives. An alarm can only page a topic of its own region.
 */
export type AlarmPlace = "billing" | "backup";

/** One time series: a metric with exact dimensions and a statistic. */
export interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Maximum`, `Minimum`, `Average`, `SampleCount` or a percentile such as `p95`. */
  readonly statistic: string;
}

/** An alarm that keeps a composite quiet while it is itself in ALARM (CloudWatch, PutCompositeAlarm). */
export interface Suppressor {
  /** Id of an alarm of the same tier. */
  readonly id: string;
  /** Seconds a composite waits for the suppressor to go into ALARM before it acts. */
  readonly waitSeconds: number;
  /** Seconds a composite stays quiet after the suppressor has left ALARM. */
  readonly extensionSeconds: number;
}

/** What an alarm looks at. */
export type Signal =
  | { readonly kind: "metric"; readonly series: Series }
  | {
      readonly kind: "math";
      /** CloudWatch metric math over the ids of `series`. */
      readonly expression: string;
      readonly label: string;
      readonly series: Readonly<Record<string, Series>>;
    }
  | {
      readonly kind: "composite";
      /** Ids of the alarms of which any one in ALARM raises this one. */
      readonly anyOf: readonly string[];
      /** Absent when nothing may keep it quiet. */
      readonly suppressor?: Suppressor;
    };

/** CloudWatch comparison operators in use. */
export type Comparison =
  | "GreaterThanThreshold"
  | "GreaterThanOrEqualToThreshold"
  | "LessThanThreshold"
  | "LessThanOrEqualToThreshold";

/** When an alarm on a metric or expression fires. */
export interface Condition {
  readonly comparison: Comparison;
  /** In the unit of the signal. */
  readonly threshold: number;
  /** Seconds per data point; never shorter than the emitter's schedule. */
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly treatMissingData: MissingData;
}

/** An alarm as data. */
export interface AlarmDefinition {
  /** Name without the environment; part of Terraform addresses, so changing it replaces the alarm. */
  readonly id: string;
  readonly tiers: readonly Tier[];
  readonly severity: Severity;
  readonly signal: Signal;
  /** Where it lives when its metric is not in the stack's region. */
  readonly place?: AlarmPlace;
  /** Whether it also pages when its data stop after having arrived. Default false: another alarm says so. */
  readonly pagesOnSilence?: true;
  /** Absent on composites, which have no data of their own. */
  readonly condition?: Condition;
  /** What it means when it fires. */
  readonly meaning: string;
  /** What to do first. */
  readonly firstStep: string;
  readonly runbook: Runbook;
  /** The requirement it serves. */
  readonly requirement: string;
}

/** The CloudWatch name of an alarm. */
export function alarmName(environment: Environment, id: string): string {
  return `${environment}-${id}`;
}

/** Tiers that include everything from `tier` upwards. */
export function from(tier: Tier): readonly Tier[] {
  return TIERS.slice(TIERS.indexOf(tier));
}

/**
 * The shortest sound alarm period for what a service emits: `wanted` seconds, but at least one run of its schedule.
 *
 * @param wanted seconds, as the requirement states them
 */
export function periodFor(service: ServiceKey, wanted: number): number {
  return Math.max(wanted, scheduleSeconds(service) ?? 0);
}

/**
 * A condition on what lies above a threshold, with missing data left missing.
 *
 * @param threshold in the unit of the signal
 * @param periodSeconds seconds per data point; never shorter than the emitter's schedule
 */
export function above(threshold: number, periodSeconds: number, evaluationPeriods: number): Condition {
  return {
    comparison: "GreaterThanThreshold",
    threshold,
    periodSeconds,
    evaluationPeriods,
    treatMissingData: "missing",
  };
}
