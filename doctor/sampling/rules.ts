import { paginateGetSamplingRules, type SamplingRule as SdkRule, XRayClient } from "@aws-sdk/client-xray";
import { type Environment, PRODUCT } from "../../contract/names";
import { samplingRules } from "../../contract/sampling";
import { DEFAULT_RULE } from "../../instruments/cost/sampling";
import { InputError } from "../../instruments/terraform-file";
import { isObject, ofType, type Resource, type TerraformModel, text } from "../../policies/terraform/model";
import { clientOptions } from "../aws/client-options";
import { awsFault } from "../aws/trouble";
import type { Rule } from "./rule";

const ANYTHING = {
  serviceName: "*",
  serviceType: "*",
  host: "*",
  method: "*",
  path: "*",
  resourceArn: "*",
  attributes: {},
} as const;

/** The rule X-Ray has in every account; its figures may have been changed there. */
export const ACCOUNT_DEFAULT: Rule = {
  ...ANYTHING,
  name: "Default",
  priority: DEFAULT_RULE.priority,
  reservoir: DEFAULT_RULE.reservoir,
  rate: DEFAULT_RULE.rate,
};

/** The rules the contract gives an environment. @param rate share sampled by the catch-all rule, 0 to 1 */
export function contractRules(environment: Environment, rate: number): readonly Rule[] {
  const rules = samplingRules(environment, rate).map(({ noun, ...rule }) => ({
    ...ANYTHING,
    ...rule,
    name: `${environment}-${PRODUCT}-${noun}`,
  }));
  return [...rules, ACCOUNT_DEFAULT];
}

function figure(resource: Resource, attribute: string): number {
  const value = resource.values[attribute];
  if (typeof value === "number") return value;
  throw new InputError(
    `${resource.address}: ${attribute}`,
    "no number known before apply",
    "a figure",
    "plan with the variables' values, or ask X-Ray itself with --live",
  );
}

function attributesOf({ values }: Resource): Rule["attributes"] {
  const { attributes } = values;
  const entries = isObject(attributes) ? Object.entries(attributes) : [];
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}

/** The rules of Terraform resources, before any drift. @throws InputError when a figure is not known */
export function plannedRules(terraform: TerraformModel): readonly Rule[] {
  const rules = ofType(terraform, "aws_xray_sampling_rule").map((one) => ({
    name: text(one, "rule_name") ?? one.address,
    priority: figure(one, "priority"),
    reservoir: figure(one, "reservoir_size"),
    rate: figure(one, "fixed_rate"),
    serviceName: text(one, "service_name") ?? "*",
    serviceType: text(one, "service_type") ?? "*",
    host: text(one, "host") ?? "*",
    method: text(one, "http_method") ?? "*",
    path: text(one, "url_path") ?? "*",
    resourceArn: text(one, "resource_arn") ?? "*",
    attributes: attributesOf(one),
  }));
  return [...rules, ACCOUNT_DEFAULT];
}

function liveRule(rule: SdkRule): Rule {
  return {
    name: rule.RuleName ?? rule.RuleARN ?? "without name",
    priority: rule.Priority ?? ACCOUNT_DEFAULT.priority,
    reservoir: rule.ReservoirSize ?? 0,
    rate: rule.FixedRate ?? 0,
    serviceName: rule.ServiceName ?? "*",
    serviceType: rule.ServiceType ?? "*",
    host: rule.Host ?? "*",
    method: rule.HTTPMethod ?? "*",
    path: rule.URLPath ?? "*",
    resourceArn: rule.ResourceARN ?? "*",
    attributes: rule.Attributes ?? {},
  };
}

/** The rules X-Ray has now, console changes included. @throws InputError when X-Ray does not answer */
export async function liveRules(region: string | undefined): Promise<readonly Rule[]> {
  const client = new XRayClient(clientOptions(region));
  const rules: Rule[] = [];
  try {
    for await (const { SamplingRuleRecords = [] } of paginateGetSamplingRules({ client }, {}))
      for (const { SamplingRule } of SamplingRuleRecords)
        if (SamplingRule !== undefined) rules.push(liveRule(SamplingRule));
    return rules;
  } catch (error) {
    throw awsFault(error, { action: "xray:GetSamplingRules", region });
  } finally {
    client.destroy();
  }
}
