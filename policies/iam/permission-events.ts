import type { Owner } from "../../contract/names";
import { type PolicyDocument, policyDocument } from "./document";

/** Calls that change what a role may do, as CloudTrail names them (IAM-4). */
const CHANGES_OF_ROLES = [
  "PutRolePolicy",
  "DeleteRolePolicy",
  "AttachRolePolicy",
  "DetachRolePolicy",
  "PutRolePermissionsBoundary",
] as const;

const CHANGES_OF_POLICIES = [
  "CreatePolicyVersion",
  "DeletePolicyVersion",
  "SetDefaultPolicyVersion",
] as const;

/** What EventBridge matches: a change to one of these roles or policies that IAM did not refuse. */
export function permissionChangePattern(roleNames: readonly string[], policyArns: readonly string[]): object {
  return {
    source: ["aws.iam"],
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: {
      eventSource: ["iam.amazonaws.com"],
      errorCode: [{ exists: false }],
      $or: [
        { eventName: CHANGES_OF_ROLES, requestParameters: { roleName: roleNames } },
        { eventName: CHANGES_OF_POLICIES, requestParameters: { policyArn: policyArns } },
      ],
    },
  };
}

/**
 * The trust policy of the role with which EventBridge hands events to another region's bus: for exactly one rule of this
 * account (EventBridge guide, "Cross-service confused deputy prevention").
 */
export function eventsTrust(owner: Owner, ruleArn: string): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": owner.accountId },
          ArnEquals: { "aws:SourceArn": ruleArn },
        },
      },
    ],
  };
}

/** Lets EventBridge put events on exactly one bus. */
export function forwardEventsDocument(busArn: string): PolicyDocument {
  return policyDocument([
    { Sid: "ForwardEvents", Effect: "Allow", Action: ["events:PutEvents"], Resource: busArn },
  ]);
}
