import { type Environment, type Owner, PRODUCT, physicalName } from "./names";
import { functionName, type ServiceKey } from "./services";

/** What the canary sends, how long it waits, and what it takes for healthy. */
export const CANARY = {
  /** Test segments of a run, each a trace of its own. */
  segmentsPerRun: 5,
  /** Seconds after submission at which they are looked up; what the last look does not find is lost. */
  lookUpsAfterSeconds: [30, 60],
  /** Seconds over which completeness is told. */
  windowSeconds: 3600,
  /** Share of the window's test traces below which the canary is ill (FR-113). */
  leastCompleteness: 0.95,
  /** Share of a run's test traces above which their loss pages (FR-036). */
  mostLoss: 0.2,
} as const;

/**
 * Where the canary keeps its state between runs: JSON of at most {@link CANARY_STATE_LENGTH} characters. Terraform
 * creates it as `{}` and leaves its value alone afterwards.
 */
export function canaryStateParameter(environment: Environment): string {
  return `/${environment}/${PRODUCT}/canary/state`;
}

/** Characters of a standard SSM parameter. */
export const CANARY_STATE_LENGTH = 4096;

/** The topic in the backup region that the canary publishes to itself, and that pages for its heartbeat there (CAN-7). */
export function canaryAlertTopicName(environment: Environment): string {
  return physicalName(environment, "canary-alerts");
}

/** ARN of the role of a service, for policies that would otherwise refer to each other in a circle (IAM-4). */
export function roleArn(owner: Owner, environment: Environment, service: ServiceKey): string {
  return `arn:${owner.partition}:iam::${owner.accountId}:role/${functionName(environment, service)}`;
}

/** ARN of the function of a service, likewise (DEP-5). */
export function functionArn(
  owner: Owner & { readonly region: string },
  environment: Environment,
  service: ServiceKey,
): string {
  const { partition, region, accountId } = owner;
  return `arn:${partition}:lambda:${region}:${accountId}:function:${functionName(environment, service)}`;
}

/**
 * Name of the policy with the five X-Ray actions that the role of a service holds. The canary's is its own, so that one
 * mistake cannot silence it together with what it watches (IAM-3).
 */
export function xrayPolicyName(environment: Environment, service: ServiceKey): string {
  return physicalName(environment, service === "canary" ? "canary-xray-write" : "xray-write");
}

/** ARN of a customer-managed policy. */
export function policyArn(owner: Owner, name: string): string {
  return `arn:${owner.partition}:iam::${owner.accountId}:policy/${name}`;
}
