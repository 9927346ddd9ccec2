import { isAwsNamespace } from "../aws-metrics";
import { ofType, type Resource, type TerraformModel } from "../terraform/model";
import { emittersOf, exactEmitters } from "./emitters";
import { roleOf } from "./grants";
import type { EmitterKnowledge } from "./knowledge";
import { filtersOf } from "./metric-filters";
import { permissionsOn } from "./namespace-grants";
import type { Series } from "./series";
import { functionNameOf, loggingFunction, soleCadence, watchedFunction } from "./watched-function";

/** Who writes a series on a schedule. */
export interface Cadence {
  readonly seconds: number;
  readonly emitter: string;
}

/** Functions of the file that may write a namespace; `undefined` when a policy cannot be read. */
function writers(terraform: TerraformModel, namespace: string): readonly Resource[] | undefined {
  const answers = permissionsOn(terraform, namespace);
  const functions = ofType(terraform, "aws_lambda_function");
  const held = functions.map((fn) => answers.get(roleOf(terraform, fn)?.address ?? "") ?? "unknown");
  if (held.includes("unknown")) return undefined;
  return functions.filter((_, i) => held[i] === "yes");
}

/** The functions a series comes from; empty when that is not known. */
function sources(
  terraform: TerraformModel,
  series: Series,
  knowledge: EmitterKnowledge | undefined,
): readonly Resource[] {
  if (isAwsNamespace(series.namespace)) return [watchedFunction(terraform, series) ?? []].flat();
  const filters = filtersOf(terraform, series);
  // Without default_value a filter writes only when something matches, whatever the schedule.
  if (filters.length > 0) {
    return filters.every((one) => one.hasDefault)
      ? filters.flatMap((one) => loggingFunction(terraform, one.resource) ?? [])
      : [];
  }
  if (knowledge !== undefined) {
    const exact = exactEmitters(emittersOf(terraform, knowledge, series), series) ?? [];
    return exact.flatMap((one) => one.resource ?? []);
  }
  return writers(terraform, series.namespace) ?? [];
}

/** How often a series gets data, when exactly one function writes it and only schedules start that function. */
export function cadenceOfSeries(
  terraform: TerraformModel,
  series: Series,
  knowledge: EmitterKnowledge | undefined,
): Cadence | undefined {
  const [only, ...others] = sources(terraform, series, knowledge);
  if (only === undefined || others.length > 0) return undefined;
  const seconds = soleCadence(terraform, only);
  return seconds === undefined ? undefined : { seconds, emitter: functionNameOf(only) };
}
