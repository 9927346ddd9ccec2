import type { TerraformModel } from "../../policies/terraform/model";
import { type MetricRef, metricKey } from "../cloudwatch";
import { type Rehearsal, rehearse, worldFor } from "../rehearse/rehearsal";
import { readScenarios, SHIPPED } from "../rehearse/scenario-file";
import type { ScenarioFile } from "../rehearse/scenario-schema";

/** Seconds until CloudWatch data can be read, as `rehearse` assumes. */
const LAG_SECONDS = 60;

/** A changed threshold. */
export interface Change {
  readonly name: string;
  readonly address: string;
  readonly threshold: number;
  /** What one sample of its metric is on a normal day, as the baseline shows; absent for counts. */
  readonly usual?: { readonly metric: MetricRef; readonly value: number };
}

/** Faults of the shipped scenarios nobody would notice any more, by the name of the alarm that is to blame. */
export type Losses = ReadonlyMap<string, readonly string[]>;

function changed(terraform: TerraformModel, changes: readonly Change[]): TerraformModel {
  const thresholds = new Map(changes.map((one) => [one.address, one.threshold]));
  return {
    ...terraform,
    resources: terraform.resources.map((one) => {
      const threshold = thresholds.get(one.address);
      return threshold === undefined ? one : { ...one, values: { ...one.values, threshold } };
    }),
  };
}

/**
 * A rehearsal guesses normal values from timeouts and thresholds; here they are what the baseline shows, and where it
 * shows nothing what the old thresholds make them.
 */
function withNormal(
  terraform: TerraformModel,
  scenarios: ScenarioFile,
  changes: readonly Change[],
): ScenarioFile {
  const usual = new Map(
    changes.flatMap((one) =>
      one.usual === undefined ? [] : [[metricKey(one.usual.metric), one.usual.value] as const],
    ),
  );
  const world = worldFor({ terraform, scenarios });
  const normal = [...world.series.values()].flatMap(({ ref, normal: guessed }) => {
    const value = usual.get(metricKey(ref)) ?? guessed;
    return value === undefined
      ? []
      : [
          {
            select: { namespace: ref.namespace, metric: ref.name, dimensions: { ...ref.dimensions } },
            value,
          },
        ];
  });
  return { ...scenarios, normal };
}

/** What the new thresholds cost: rehearsals with the old and the new ones, until no change left loses a fault. */
export function lossesOf(file: string, terraform: TerraformModel, changes: readonly Change[]): Losses {
  const losses = new Map<string, string[]>();
  if (changes.length === 0) return losses;
  const scenarios = withNormal(terraform, readScenarios(undefined), changes);
  const played = (of: TerraformModel): Rehearsal =>
    rehearse({
      file,
      terraform: of,
      scenarioFile: SHIPPED,
      scenarios,
      tier: "full",
      lagSeconds: LAG_SECONDS,
    });
  const before = played(terraform);
  const fired = new Set(before.alarms.filter((one) => one.verdict.kind === "fires").map((one) => one.name));
  let left = changes;
  while (left.length > 0) {
    const after = played(changed(terraform, left));
    const blamed = new Set<string>();
    const blame = (name: string, what: string): void => {
      blamed.add(name);
      losses.set(name, [...(losses.get(name) ?? []), what]);
    };
    for (const { name, verdict } of after.alarms) {
      const own = left.some((one) => one.name === name);
      if (own && fired.has(name) && verdict.kind !== "fires") blame(name, "every fault: it could not fire");
    }
    const now = new Map(after.rows.map((row) => [row.scenario.id, row]));
    for (const row of before.rows) {
      const { id } = row.scenario;
      if (row.result !== "detected" || now.get(id)?.result === "detected") continue;
      const silent = left.filter(({ name }) => row.pages.has(name));
      for (const { name } of silent.length > 0 ? silent : left) blame(name, id);
    }
    if (blamed.size === 0) break;
    left = left.filter(({ name }) => !blamed.has(name));
  }
  return losses;
}
