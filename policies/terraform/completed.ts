import { isUnresolved } from "./expression";
import type { Resource, TerraformModel } from "./model";

function fill(planned: Resource, written: Resource | undefined): Resource {
  if (written === undefined) return planned;
  const values = { ...planned.values };
  for (const [attribute, value] of Object.entries(written.values)) {
    const before = values[attribute];
    if (before === undefined || isUnresolved(before)) values[attribute] = value;
  }
  return {
    ...planned,
    path: written.path,
    values,
    references: { ...planned.references, ...written.references },
  };
}

/**
 * A plan completed by the JSON configuration it was made from. Terraform marks a whole map, policy or board as known
 * after apply when one ARN in it is; the configuration still has the rest.
 *
 * @param plan what `terraform show -json` said
 * @param configuration the synthesized `cdk.tf.json` of the same stack
 */
export function completed(plan: TerraformModel, configuration: TerraformModel): TerraformModel {
  const written = new Map(configuration.resources.map((one) => [one.address, one]));
  return { ...plan, resources: plan.resources.map((one) => fill(one, written.get(one.address))) };
}
