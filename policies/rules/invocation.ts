import { list, ofType, type Resource, type TerraformModel } from "../terraform/model";
import { resourcesAt } from "../terraform/targets";
import { type Trigger, triggersOf } from "../terraform/triggers";
import { many, type ParsedStatement } from "./grants";
import { rolesWithGrants } from "./namespace-grants";

/** Whether anything starts a function, as far as the file says. */
export type Invocation =
  | { readonly kind: "invoked" }
  /** Every trigger is switched off; the list is not empty. */
  | { readonly kind: "off"; readonly triggers: readonly Trigger[] }
  | { readonly kind: "nothing" }
  /** Nothing in the file starts it, yet something might; says what. */
  | { readonly kind: "perhaps"; readonly by: string };

/** Types that mention functions without starting them. */
const PASSIVE =
  /^aws_(cloudwatch_(metric_alarm|composite_alarm|dashboard|log_.*)|lambda_(alias|function|function_event_invoke_config|provisioned_concurrency_config|layer.*)|iam_.*|appautoscaling_.*|xray_.*|ssm_.*|signer_.*)$/;

function mayInvoke(statement: ParsedStatement): boolean {
  return (
    statement["NotAction"] !== undefined ||
    many(statement["Action"]).some((one) => /^(\*|lambda:(\*|invoke.*))$/i.test(one))
  );
}

function mentions(resource: Resource, fn: Resource): boolean {
  return (
    Object.entries(resource.references).some(
      ([key, found]) => key !== "depends_on" && found.includes(fn.address),
    ) || list(resource, "target").some((one) => JSON.stringify(one)?.includes(`\${${fn.address}.`) === true)
  );
}

/** A role of the file that may invoke functions at will, whatever their triggers. */
export function callerOf(terraform: TerraformModel): Resource | undefined {
  return rolesWithGrants(terraform).find(
    ({ grants }) =>
      grants.statements.some((one) => one["Effect"] !== "Deny" && mayInvoke(one)) ||
      grants.managed.some((arn) => /Lambda(_Full|Role)|Admin|PowerUser/.test(arn)),
  )?.role;
}

function admitsTo(terraform: TerraformModel, permission: Resource, names: readonly Resource[]): boolean {
  const addresses = names.map((one) => one.address);
  const types = ["aws_lambda_function", "aws_lambda_alias"];
  return resourcesAt(terraform, permission, "function_name", types).some((one) =>
    addresses.includes(one.address),
  );
}

/** True when whoever a permission admits is in the file, and is a trigger if it is on. */
function startsHere(terraform: TerraformModel, permission: Resource): boolean {
  const sources = ["aws_cloudwatch_event_rule", "aws_sns_topic"];
  return resourcesAt(terraform, permission, "source_arn", sources).length > 0;
}

/** What the file says about who starts a function. */
export function invocationOf(terraform: TerraformModel, fn: Resource): Invocation {
  const triggers = triggersOf(terraform, fn);
  if (triggers.some((one) => one.enabled)) return { kind: "invoked" };
  const names = [fn, ...ofType(terraform, "aws_lambda_alias").filter((one) => mentions(one, fn))];
  const sources = new Set(triggers.map((one) => one.source.address));
  const active = terraform.resources.find(
    (one) =>
      !PASSIVE.test(one.type) &&
      !sources.has(one.address) &&
      !["aws_lambda_permission", "aws_cloudwatch_event_target"].includes(one.type) &&
      names.some((name) => mentions(one, name)),
  );
  if (active !== undefined) return { kind: "perhaps", by: active.address };
  const permission = ofType(terraform, "aws_lambda_permission").find(
    (one) => admitsTo(terraform, one, names) && !startsHere(terraform, one),
  );
  if (permission !== undefined) return { kind: "perhaps", by: permission.address };
  const caller = callerOf(terraform);
  if (caller !== undefined) return { kind: "perhaps", by: caller.address };
  return triggers.length > 0 ? { kind: "off", triggers } : { kind: "nothing" };
}
