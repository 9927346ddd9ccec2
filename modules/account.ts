import type { Owner } from "../contract/names";

/** The account and region a stack deploys to, and the ARNs that can be known before anything exists. */
export interface Account extends Owner {
  readonly region: string;
}

/** The partition a region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

const GLOBAL_REGIONS: Readonly<Record<string, string>> = {
  aws: "us-east-1",
  "aws-cn": "cn-north-1",
  "aws-us-gov": "us-gov-west-1",
};

/**
 * The region in which a partition's services without region, IAM and Billing, tell events and metrics (CloudTrail guide,
 * "Global service events").
 */
export function globalRegionOf(partition: string): string {
  return GLOBAL_REGIONS[partition] ?? "us-east-1";
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
