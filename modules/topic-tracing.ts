import { XrayResourcePolicy } from "@cdktf/provider-aws/lib/xray-resource-policy";
import { Construct } from "constructs";
import { snsTracingDocument } from "../policies/iam/resource-policies";
import type { Account } from "./account";

/** Props of {@link TopicTracing}. */
export interface TopicTracingProps {
  /** Name of the policy in X-Ray. @default none */
  readonly policyName: string;
  /** Account whose traces are written. @default none */
  readonly account: Account;
  /** The traced topics. @default none */
  readonly topicArns: readonly string[];
}

/** Lets SNS write the segments of traced topics; without it the topic is missing from the trace (SNS-1). */
export class TopicTracing extends Construct {
  constructor(scope: Construct, id: string, props: TopicTracingProps) {
    super(scope, id);
    new XrayResourcePolicy(this, "policy", {
      policyName: props.policyName,
      policyDocument: JSON.stringify(snsTracingDocument(props.account, props.topicArns)),
      bypassPolicyLockoutCheck: false,
    });
  }
}
