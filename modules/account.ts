import type { Owner } from "../policies/iam/resource-policies";

/** The account and region a stack deploys to, and the ARNs that can be known before anything exists. */
export interface Account extends Owner {
  readonly region: string;
}

/** The partition a region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/**
 * An ARN written out, for resources that would otherwise refer to each other in a circle.
 *
 * @param service for example `events`
 * @param resource for example `rule/dev-sentiment-ingestion`
 */
export function arnOf(account: Account, service: string, resource: string): string {
  return `arn:${account.partition}:${service}:${account.region}:${account.accountId}:${resource}`;
}
