import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { policyArn, xrayPolicyName } from "../contract/canary";
import { type Environment, physicalName } from "../contract/names";
import { functionName, SERVICE_KEYS } from "../contract/services";
import {
  eventsTrust,
  forwardEventsDocument,
  permissionChangePattern,
} from "../policies/iam/permission-events";
import { type Account, arnOf, globalRegionOf } from "./account";
import type { DeadLetterQueue } from "./dead-letter-queue";
import { EventRule } from "./event-rule";
import type { DeployedFunction } from "./function-basics";

/** Props of {@link PermissionChanges}. */
export interface PermissionChangesProps {
  /** Environment whose roles are watched. @default none */
  readonly environment: Environment;
  /** Account and region of the stack. @default none */
  readonly account: Account;
  /** The function that tries the permissions. @default none */
  readonly target: DeployedFunction;
  /** Where EventBridge puts events it could not deliver. @default none */
  readonly deadLetterQueue: DeadLetterQueue;
  /** Provider of the region where IAM tells its events. @default the stack is in that region */
  readonly global?: AwsProvider;
}

/**
 * Starts a function whenever somebody changes what an instrumented role may do (IAM-4). IAM's events exist in one region
 * only; from there they are handed to the default bus of the stack's region. The account needs a CloudTrail trail.
 */
export class PermissionChanges extends Construct {
  constructor(scope: Construct, id: string, props: PermissionChangesProps) {
    super(scope, id);
    const { environment, account, global } = props;
    const ruleName = physicalName(environment, "permission-changes");
    const eventPattern = JSON.stringify(patternOf(environment, account));
    new EventRule(this, "here", {
      ...props,
      ruleName,
      statementId: "AllowPermissionChanges",
      when: { eventPattern },
    });
    if (global !== undefined) this.forward(global, account, ruleName, eventPattern);
  }

  private forward(provider: AwsProvider, account: Account, ruleName: string, eventPattern: string): void {
    const region = globalRegionOf(account.partition);
    const busArn = arnOf(account, "events", "event-bus/default");
    const role = new IamRole(this, "role", {
      name: ruleName,
      assumeRolePolicy: JSON.stringify(
        eventsTrust(account, arnOf({ ...account, region }, "events", `rule/${ruleName}`)),
      ),
    });
    const policy = new IamPolicy(this, "policy", {
      name: ruleName,
      description: `What the rule ${ruleName} uses`,
      policy: JSON.stringify(forwardEventsDocument(busArn)),
    });
    const attachment = new IamRolePolicyAttachment(this, "attachment", {
      role: role.name,
      policyArn: policy.arn,
    });
    const rule = new CloudwatchEventRule(this, "rule", {
      provider,
      name: ruleName,
      description: `Hands changes of permissions to ${account.region}`,
      eventPattern,
    });
    new CloudwatchEventTarget(this, "target", {
      provider,
      rule: rule.name,
      arn: busArn,
      roleArn: role.arn,
      dependsOn: [attachment],
    });
  }
}

function patternOf(environment: Environment, account: Account): object {
  const roleNames = SERVICE_KEYS.map((service) => functionName(environment, service));
  const xrayPolicies = SERVICE_KEYS.map((service) => xrayPolicyName(environment, service));
  // A role and the policy of what its code uses share the name of the function.
  const policyNames = [...new Set([...xrayPolicies, ...roleNames])];
  return permissionChangePattern(
    roleNames,
    policyNames.map((name) => policyArn(account, name)),
  );
}
