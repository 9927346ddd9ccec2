import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { alarmsOfTier } from "../../contract/alarms/catalogue";
import { TIERS } from "../../contract/alarms/definition";
import { logMetricsOf } from "../../contract/logs";
import { METRIC_NAMES } from "../../contract/metrics";
import type { Environment } from "../../contract/names";
import { SERVICE_KEYS, ZIP_SERVICES } from "../../contract/services";
import { alarmsIn } from "../../policies/rules/alarms";
import { grantedNamespaces, grantsOf } from "../../policies/rules/grants";
import { referencesIn } from "../../policies/terraform/expression";
import { isObject, ofType } from "../../policies/terraform/model";
import { fromSynthesized } from "../../policies/terraform/synthesized";

/** What a plan would create, in figures. */
export interface Summary {
  readonly environment: Environment;
  /** Resources to create, by type, most first. */
  readonly resources: Readonly<Record<string, number>>;
  readonly total: number;
  /** Links of the chain: metrics, namespace grants, alarms, alarms on the board. */
  readonly chain: {
    readonly metrics: number;
    readonly grants: number;
    readonly alarms: number;
    readonly widgets: number;
  };
  /** Alarms per tier, whichever tier the environment pays for. */
  readonly alarmsPerTier: Readonly<Record<string, number>>;
  /** Bytes of each function's zip. */
  readonly bundleBytes: Readonly<Record<string, number>>;
}

function byType(plan: unknown): Readonly<Record<string, number>> {
  const changes = isObject(plan) && Array.isArray(plan["resource_changes"]) ? plan["resource_changes"] : [];
  const counts = new Map<string, number>();
  for (const change of changes.filter(isObject)) {
    const type = String(change["type"]);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])));
}

/**
 * Reads the figures off a synthesized stack and its plan.
 *
 * @param stack directory of `cdk.tf.json`
 * @param plan parsed output of `terraform show -json`
 * @param zips directory of the functions' zips
 */
export function summarize(environment: Environment, stack: string, plan: unknown, zips: string): Summary {
  const terraform = fromSynthesized(JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")));
  const resources = byType(plan);
  const shown = ofType(terraform, "aws_cloudwatch_dashboard").flatMap((board) =>
    referencesIn(board.values["dashboard_body"]),
  );
  const functions = ofType(terraform, "aws_lambda_function");
  return {
    environment,
    resources,
    total: Object.values(resources).reduce((sum, count) => sum + count, 0),
    chain: {
      metrics: METRIC_NAMES.length + SERVICE_KEYS.flatMap(logMetricsOf).length,
      grants: functions.flatMap((fn) => grantedNamespaces(grantsOf(terraform, fn))).length,
      alarms: alarmsIn(terraform).length,
      widgets: shown.filter((address) => address.includes("_alarm.")).length,
    },
    alarmsPerTier: Object.fromEntries(TIERS.map((tier) => [tier, alarmsOfTier(environment, tier).length])),
    bundleBytes: Object.fromEntries(
      ZIP_SERVICES.map((service) => [service, statSync(join(zips, service, "function.zip")).size]),
    ),
  };
}

/** The figures as a person reads them. */
export function describeSummary(summary: Summary, files: readonly string[]): string {
  const { chain } = summary;
  const types = Object.entries(summary.resources).map(
    ([type, count]) => `  ${String(count).padStart(4)}  ${type}`,
  );
  const tiers = Object.entries(summary.alarmsPerTier).map(([tier, count]) => `${tier} ${count}`);
  const bundles = Object.entries(summary.bundleBytes).map(
    ([service, bytes]) => `${service} ${Math.round(bytes / 1024)} KiB`,
  );
  return [
    `Plan for ${summary.environment}: ${summary.total} resources to create`,
    ...types,
    `Chain:   ${chain.metrics} metrics → ${chain.grants} grants → ${chain.alarms} alarms → ${chain.widgets} on the board`,
    `Alarms:  ${tiers.join(", ")}`,
    `Bundles: ${bundles.join(", ")} (zipped)`,
    "Files:",
    ...files.map((file) => `  ${file}`),
  ].join("\n");
}
