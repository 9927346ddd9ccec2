import { isUnresolved } from "../terraform/expression";
import { ofType, type Resource, type TerraformModel } from "../terraform/model";
import { roleOf } from "./grants";
import type { EmitterKnowledge, KnownEmission, KnownFunction } from "./knowledge";
import { permissionsOn } from "./namespace-grants";
import type { Series } from "./series";
import { functionNameOf } from "./watched-function";

/** A function known to write a metric, and how it writes it. */
export interface Emitter {
  readonly name: string;
  readonly known: KnownFunction;
  readonly emission: KnownEmission;
  /** The function, when this file manages it. */
  readonly resource: Resource | undefined;
}

function sameDimensions(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): boolean {
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length && keys.every((key) => String(left[key]) === String(right[key]))
  );
}

/** Everything known to write a metric of this namespace and name, whatever the dimensions. */
export function emittersOf(
  terraform: TerraformModel,
  knowledge: EmitterKnowledge,
  series: Pick<Series, "namespace" | "name">,
): readonly Emitter[] {
  const functions = ofType(terraform, "aws_lambda_function");
  return Object.entries(knowledge.functions).flatMap(([name, known]) =>
    known.emits
      .filter((one) => one.namespace === series.namespace && one.metric === series.name)
      .map((emission) => ({
        name,
        known,
        emission,
        resource: functions.find((fn) => functionNameOf(fn) === name),
      })),
  );
}

/**
 * Functions of the file that nobody described and that may write a namespace, by name: without a word about them it is
 * not known that nothing emits a metric.
 */
export function undescribedWriters(
  terraform: TerraformModel,
  knowledge: EmitterKnowledge,
  namespace: string,
): readonly string[] {
  const permitted = permissionsOn(terraform, namespace);
  return ofType(terraform, "aws_lambda_function")
    .filter((fn) => knowledge.functions[functionNameOf(fn)] === undefined)
    .filter((fn) => permitted.get(roleOf(terraform, fn)?.address ?? "") !== "no")
    .map(functionNameOf);
}

/** The emitters that write exactly this series; `undefined` when its dimensions are not known. */
export function exactEmitters(emitters: readonly Emitter[], series: Series): readonly Emitter[] | undefined {
  if (!series.dimensionsKnown || isUnresolved(series.dimensions)) return undefined;
  return emitters.filter((one) => sameDimensions(one.emission.dimensions, series.dimensions));
}
