import { CognitoIdentityPool } from "@cdktf/provider-aws/lib/cognito-identity-pool";
import { CognitoIdentityPoolRolesAttachment } from "@cdktf/provider-aws/lib/cognito-identity-pool-roles-attachment";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { RumAppMonitor } from "@cdktf/provider-aws/lib/rum-app-monitor";
import { Construct } from "constructs";
import { guestTrust, rumDocument } from "../policies/iam/rum";
import type { Account } from "./account";
import { ConstructError } from "./construct-error";

/** Props of {@link RumMonitor}. */
export interface RumMonitorProps {
  /** Name of the monitor. @default none */
  readonly monitorName: string;
  /** Host of the page, without scheme and port. @default none: events of other hosts are refused */
  readonly domain: string;
  /** Share of sessions that send events, 0 to 1; every event is billed. @default none */
  readonly sampleRate: number;
  /** Account the monitor belongs to. @default none */
  readonly account: Account;
}

/**
 * Measures a page in its visitors' browsers, X-Ray on. Visitors write as guests of an identity pool, and the guest's role
 * can put events into this one monitor and nothing else (application §8.7).
 */
export class RumMonitor extends Construct {
  /** What the page's client is configured with: the monitor it names and the pool it asks for credentials. */
  readonly client: { readonly monitorId: string; readonly identityPoolId: string };

  constructor(scope: Construct, id: string, props: RumMonitorProps) {
    super(scope, id);
    const { monitorName, account, sampleRate } = props;
    if (!(sampleRate >= 0 && sampleRate <= 1)) {
      throw new ConstructError(this, {
        found: `sampleRate = ${sampleRate}`,
        expected: "a number from 0 to 1",
        nextStep: "set sampleRate within these bounds",
      });
    }
    const pool = new CognitoIdentityPool(this, "guests", {
      identityPoolName: monitorName,
      allowUnauthenticatedIdentities: true,
      // The older flow would hand a guest any role that trusts the pool.
      allowClassicFlow: false,
    });
    const role = new IamRole(this, "guest-role", {
      name: `${monitorName}-guest`,
      assumeRolePolicy: JSON.stringify(guestTrust(pool.id)),
    });
    const policy = new IamPolicy(this, "guest-access", {
      name: `${monitorName}-guest`,
      description: `Events of ${monitorName}`,
      policy: JSON.stringify(rumDocument(account, monitorName)),
    });
    new IamRolePolicyAttachment(this, "guest-attachment", { role: role.name, policyArn: policy.arn });
    new CognitoIdentityPoolRolesAttachment(this, "guest-roles", {
      identityPoolId: pool.id,
      roles: { unauthenticated: role.arn },
    });
    const monitor = new RumAppMonitor(this, "monitor", {
      name: monitorName,
      domain: props.domain,
      cwLogEnabled: false,
      customEvents: { status: "ENABLED" },
      appMonitorConfiguration: {
        allowCookies: true,
        enableXray: true,
        sessionSampleRate: sampleRate,
        telemetries: ["errors", "http", "performance"],
        identityPoolId: pool.id,
        guestRoleArn: role.arn,
      },
    });
    this.client = { monitorId: monitor.appMonitorId, identityPoolId: pool.id };
  }
}
