import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { GATEWAY_TRUST } from "../policies/iam/document";

/** Props of {@link GatewayLogging}. */
export interface GatewayLoggingProps {
  /** Name of the role. @default none */
  readonly roleName: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. @default none */
  readonly partition: string;
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
    // The only policy API Gateway accepts here: it checks for exactly these actions (API Gateway guide, "Set up logging").
    const attachment = new IamRolePolicyAttachment(this, "logs", {
      role: role.name,
      policyArn: `arn:${props.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
    });
    this.setting = new ApiGatewayAccount(this, "setting", {
      cloudwatchRoleArn: role.arn,
      dependsOn: [attachment],
    });
  }
}
