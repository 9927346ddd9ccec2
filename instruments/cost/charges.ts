import { alarmCharge, type Charge } from "../../policies/prices/alarms";
import { alarmsIn } from "../../policies/rules/alarms";
import type { EmitterKnowledge } from "../../policies/rules/knowledge";
import { functionNameOf } from "../../policies/rules/watched-function";
import { block, ofType, type TerraformModel, text } from "../../policies/terraform/model";
import { scheduleSeconds } from "../../policies/terraform/triggers";
import { customMetrics } from "./custom-metrics";
import { tracesPerMonth, unreadableRules } from "./sampling";
import type { Traffic } from "./traffic";
import { type FunctionVolume, volumes } from "./volume";

/** Everything a file is billed for, and what could not be counted. */
export interface Charges {
  readonly charges: readonly Charge[];
  /** Sentences: path and reason. */
  readonly unpriced: readonly string[];
  /** Sentences: what the bill leaves out because only the owner of the code knows it. */
  readonly notCounted: readonly string[];
  readonly volumes: readonly FunctionVolume[];
}

const GIGABYTE = 1e9;

function logCharges(terraform: TerraformModel, volume: FunctionVolume): readonly Charge[] {
  const named = block(volume.fn, "logging_config")?.["log_group"] ?? `/aws/lambda/${volume.name}`;
  const group = ofType(terraform, "aws_cloudwatch_log_group").find((one) => text(one, "name") === named);
  const days = Number(group?.values["retention_in_days"] ?? 0);
  const path = group?.path ?? volume.fn.path;
  const gigabytes = volume.logBytesPerMonth / GIGABYTE;
  if (gigabytes === 0) return [];
  return [
    { item: "log-gigabyte-ingested", path, quantity: gigabytes },
    // Without retention logs pile up; a year's worth stands for that.
    { item: "log-gigabyte-month-stored", path, quantity: gigabytes * ((days > 0 ? days : 365) / 30) },
  ];
}

function traceCharges(
  terraform: TerraformModel,
  all: readonly FunctionVolume[],
  days: number,
): readonly Charge[] {
  const watched = ofType(terraform, "aws_xray_group").find(
    (one) => block(one, "insights_configuration")?.["insights_enabled"] === true,
  );
  return all
    .filter((one) => one.startsTraces && block(one.fn, "tracing_config")?.["mode"] === "Active")
    .map((one) => ({
      path: one.fn.path,
      quantity: tracesPerMonth(terraform, one.name, one.requestsPerMonth, days),
    }))
    .filter((one) => one.quantity > 0)
    .flatMap((one): Charge[] => [
      { item: "trace-recorded", ...one },
      ...(watched === undefined ? [] : [{ item: "trace-insights", ...one } as const]),
    ]);
}

function canaryCharges(terraform: TerraformModel, days: number): readonly Charge[] {
  return ofType(terraform, "aws_synthetics_canary").flatMap((canary): Charge[] => {
    const every = scheduleSeconds(String(block(canary, "schedule")?.["expression"] ?? ""));
    return every === undefined
      ? []
      : [{ item: "canary-run", path: canary.path, quantity: (days * 86_400) / every }];
  });
}

/** Custom metrics that no alarm or filter shows, of functions nobody described. */
function uncounted(terraform: TerraformModel, knowledge: EmitterKnowledge | undefined): readonly string[] {
  const names = ofType(terraform, "aws_lambda_function").map(functionNameOf);
  const silent = names.filter((name) => knowledge?.functions[name] === undefined);
  if (silent.length === 0) return [];
  return knowledge === undefined
    ? ["custom metrics no alarm reads are unknown and not counted; give --knowledge"]
    : [
        `custom metrics of ${silent.join(", ")} no alarm reads are not counted; describe them in the knowledge file`,
      ];
}

const EACH = {
  aws_cloudwatch_dashboard: "dashboard",
  aws_kms_key: "key-month",
  aws_secretsmanager_secret: "secret-month",
} as const;

/**
 * Counts what a file is billed for in a month.
 *
 * @param knowledge what functions emit; without it only metrics that alarms or log filters show are counted
 * @throws InputError when traffic names a function the file does not have
 */
export function chargesOf(
  terraform: TerraformModel,
  traffic: Traffic,
  knowledge?: EmitterKnowledge,
): Charges {
  const all = volumes(terraform, traffic);
  const metrics = customMetrics(terraform, knowledge);
  const other = traffic.otherCustomMetrics;
  const charges: Charge[] = [
    ...alarmsIn(terraform).map(alarmCharge),
    ...metrics.charges,
    ...(other > 0 ? [{ item: "custom-metric", path: "otherCustomMetrics", quantity: other } as const] : []),
    ...Object.entries(EACH).flatMap(([type, item]) =>
      ofType(terraform, type).map((one): Charge => ({ item, path: one.path, quantity: 1 })),
    ),
    ...all.flatMap((one) => logCharges(terraform, one)),
    ...traceCharges(terraform, all, traffic.daysPerMonth),
    ...canaryCharges(terraform, traffic.daysPerMonth),
    ...(traffic.rumEventsPerMonth > 0
      ? [{ item: "rum-event", path: "rumEventsPerMonth", quantity: traffic.rumEventsPerMonth } as const]
      : []),
  ];
  const rules = unreadableRules(terraform).map(
    (one) => `${one.path}: its figures are known only after apply`,
  );
  return {
    charges,
    unpriced: [...new Set([...metrics.unpriced, ...rules])].sort(),
    notCounted: uncounted(terraform, knowledge),
    volumes: all,
  };
}
