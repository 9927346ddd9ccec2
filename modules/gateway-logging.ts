import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { GATEWAY_TRUST, gatewayLogsDocument } from "../policies/iam/gateway";

/** Props of {@link GatewayLogging}. */
export interface GatewayLoggingProps {
  /** Name of the role and its policy. @default none */
  readonly roleName: string;
}

/**
 * Lets API Gateway write access logs. The setting is one per account and region: a second stack there sets it to its own
 * role, which serves both; destroying a stack leaves the setting with a role that is gone until another is applied.
 */
export class GatewayLogging extends Construct {
  /** What stages with an access log depend on. */
  readonly setting: ApiGatewayAccount;

  constructor(scope: Construct, id: string, props: GatewayLoggingProps) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: props.roleName,
      assumeRolePolicy: JSON.stringify(GATEWAY_TRUST),
    });
    const policy = new IamPolicy(this, "access", {
      name: props.roleName,
      description: "Lets API Gateway write its logs",
      policy: JSON.stringify(gatewayLogsDocument()),
    });
    const attachment = new IamRolePolicyAttachment(this, "attachment", {
      role: role.name,
      policyArn: policy.arn,
    });
    this.setting = new ApiGatewayAccount(this, "setting", {
      cloudwatchRoleArn: role.arn,
      dependsOn: [attachment],
    });
  }
}
