import type { Owner } from "../../contract/names";
import { type PolicyDocument, policyDocument, type Statement } from "./document";

function servicePrincipals(services: readonly string[]): readonly string[] {
  return services.map((service) => `${service}.amazonaws.com`);
}

function fromOwnAccount(owner: Owner): NonNullable<Statement["Condition"]> {
  return { StringEquals: { "aws:SourceAccount": owner.accountId } };
}

/**
 * The policy of the customer key: the account administers it through IAM, and exactly the named AWS services may
 * use it, only on behalf of this account. An alarm cannot publish to a topic whose key refuses CloudWatch (D2).
 *
 * @param services service names without domain, for example `cloudwatch`
 */
export function keyDocument(owner: Owner, services: readonly string[]): PolicyDocument {
  return policyDocument([
    {
      Sid: "AccountAdministers",
      Effect: "Allow",
      Principal: { AWS: `arn:${owner.partition}:iam::${owner.accountId}:root` },
      Action: ["kms:*"],
      Resource: "*",
    },
    {
      Sid: "ServicesUse",
      Effect: "Allow",
      Principal: { Service: servicePrincipals(services) },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: fromOwnAccount(owner),
    },
  ]);
}

/**
 * Who may publish to a topic: the named AWS services of this account and the named roles, nobody else (D2).
 *
 * @param services service names without domain; may be empty
 * @param roleArns roles allowed to publish; may be empty
 */
export function topicDocument(
  owner: Owner,
  topicArn: string,
  services: readonly string[],
  roleArns: readonly string[],
): PolicyDocument {
  const byServices: Statement = {
    Sid: "ServicesPublish",
    Effect: "Allow",
    Principal: { Service: servicePrincipals(services) },
    Action: ["sns:Publish"],
    Resource: topicArn,
    Condition: fromOwnAccount(owner),
  };
  const byRoles: Statement = {
    Sid: "RolesPublish",
    Effect: "Allow",
    Principal: { AWS: roleArns },
    Action: ["sns:Publish"],
    Resource: topicArn,
  };
  return policyDocument([
    ...(services.length > 0 ? [byServices] : []),
    ...(roleArns.length > 0 ? [byRoles] : []),
  ]);
}

/**
 * Who may send to the dead-letter queue: EventBridge and SNS, for exactly the rules and topics named. Functions send
 * with their own role.
 */
export function queueDocument(
  queueArn: string,
  sources: readonly { readonly service: "events" | "sns"; readonly arns: readonly string[] }[],
): PolicyDocument {
  return policyDocument(
    sources
      .filter((source) => source.arns.length > 0)
      .map((source) => ({
        Sid: `${source.service === "sns" ? "Topics" : "Rules"}Send`,
        Effect: "Allow",
        Principal: { Service: `${source.service}.amazonaws.com` },
        Action: ["sqs:SendMessage"],
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": source.arns } },
      })),
  );
}

/** Lets SNS send the segments of exactly these topics to X-Ray (SNS developer guide, active tracing). */
export function snsTracingDocument(owner: Owner, topicArns: readonly string[]): PolicyDocument {
  return policyDocument([
    {
      Sid: "TopicsWriteTraces",
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: ["xray:PutTraceSegments", "xray:GetSamplingRules", "xray:GetSamplingTargets"],
      Resource: "*",
      Condition: { ...fromOwnAccount(owner), ArnLike: { "aws:SourceArn": topicArns } },
    },
  ]);
}
