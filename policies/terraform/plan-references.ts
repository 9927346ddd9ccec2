import { partsOf, withoutKeys } from "./expression";
import { isObject, type JsonObject } from "./model";

/** A module of a plan's `configuration`, with the modules around it. */
export interface ConfiguredModule {
  /** Address without instance keys; empty for the root. */
  readonly address: string;
  readonly body: JsonObject;
  readonly parent: ConfiguredModule | undefined;
  /** The call in the parent: the arguments its variables are made from. */
  readonly call: JsonObject | undefined;
}

function child(parent: ConfiguredModule, name: string): ConfiguredModule | undefined {
  const calls = parent.body["module_calls"];
  const call = isObject(calls) ? calls[name] : undefined;
  const body = isObject(call) ? call["module"] : undefined;
  if (!isObject(call) || !isObject(body)) return undefined;
  return { address: joined(parent.address, `module.${name}`), body, parent, call };
}

/** The configuration of the module a resource address lies in. */
export function moduleOf(root: ConfiguredModule, address: string): ConfiguredModule | undefined {
  const parts = partsOf(withoutKeys(address));
  let here: ConfiguredModule | undefined = root;
  for (let i = 0; parts[i] === "module" && here !== undefined; i += 2)
    here = child(here, parts[i + 1] as string);
  return here;
}

/** The configuration block of a resource or data source, by its address. */
export function configurationOf(module: ConfiguredModule, address: string): JsonObject | undefined {
  const own = withoutKeys(address).slice(module.address === "" ? 0 : module.address.length + 1);
  const resources = module.body["resources"];
  return (Array.isArray(resources) ? resources : []).filter(isObject).find((one) => one["address"] === own);
}

function joined(module: string, own: string): string {
  return module === "" ? own : `${module}.${own}`;
}

/** All `references` below an expression, block or list of blocks, as written. */
export function writtenReferences(expression: unknown): readonly string[] {
  if (Array.isArray(expression)) return expression.flatMap(writtenReferences);
  if (!isObject(expression)) return [];
  return Object.entries(expression).flatMap(([key, value]) =>
    key === "references" && Array.isArray(value)
      ? value.filter((one) => typeof one === "string")
      : key === "constant_value"
        ? []
        : writtenReferences(value),
  );
}

/** Terraform lists `a.b.arn` and then `a.b`; only the longer says which attribute. */
function mostSpecific(references: readonly string[]): readonly string[] {
  const all = [...new Set(references)];
  return all.filter(
    (one) => !all.some((other) => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)),
  );
}

const MAX_HOPS = 24;

/**
 * Follows what an expression refers to, through module arguments and outputs, to resources.
 *
 * @returns references such as `module.a.aws_sns_topic.b["x"].arn`, without instance keys of modules. Locals and `each`
 *   lead nowhere: Terraform does not write down what they are made of.
 */
export function resourceReferences(
  module: ConfiguredModule,
  expression: unknown,
  hops = 0,
): readonly string[] {
  if (hops > MAX_HOPS) return [];
  const found = mostSpecific(writtenReferences(expression)).flatMap((written): readonly string[] => {
    const parts = partsOf(withoutKeys(written));
    const [first, second, third] = parts;
    if (first === "var" && second !== undefined) {
      const argument = isObject(module.call?.["expressions"])
        ? module.call["expressions"][second]
        : undefined;
      return module.parent === undefined ? [] : resourceReferences(module.parent, argument, hops + 1);
    }
    if (first === "module" && second !== undefined) {
      const below = child(module, second);
      const outputs = below?.body["outputs"];
      if (below === undefined || !isObject(outputs)) return [];
      const wanted = third === undefined ? Object.values(outputs) : [outputs[third]];
      return wanted.flatMap((output) =>
        resourceReferences(below, isObject(output) ? output["expression"] : undefined, hops + 1),
      );
    }
    if (first === "local" || first === "each" || first === "count" || first === "path" || first === "self")
      return [];
    return [joined(module.address, written)];
  });
  return [...new Set(found)];
}
