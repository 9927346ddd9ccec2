import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { xrayWriteDocument } from "../policies/iam/xray";

/** Props of {@link XrayAccess}. */
export interface XrayAccessProps {
  /** Name of the policy. @default none */
  readonly policyName: string;
}

/** The customer-managed policy with the five X-Ray actions, to be attached to every traced role (IAM-1, IAM-2). */
export class XrayAccess extends Construct {
  /** ARN of the policy. */
  readonly policyArn: string;

  constructor(scope: Construct, id: string, props: XrayAccessProps) {
    super(scope, id);
    const policy = new IamPolicy(this, "policy", {
      name: props.policyName,
      description: "Write traces and read sampling decisions",
      policy: JSON.stringify(xrayWriteDocument()),
    });
    this.policyArn = policy.arn;
  }
}
