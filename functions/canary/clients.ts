import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import { SSMClient } from "@aws-sdk/client-ssm";
import { XRayClient } from "@aws-sdk/client-xray";
import { CALL, METRICS_CALL } from "../runtime/client-options";

/** The canary's own AWS clients. Those of the other functions start with the tracer and stop with it. */
export interface CanaryClients {
  readonly xray: XRayClient;
  readonly cloudWatch: CloudWatchClient;
  readonly ssm: SSMClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  /** In the backup region. */
  readonly backupTopics: SNSClient;
  /** In the backup region. */
  readonly backupCloudWatch: CloudWatchClient;
}

/** What a test sets besides, and the bundled function does not. */
export interface ClientSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Metrics are retried by the canary itself, who has to tell a refusal from a throttle (CAN-6). */
const ONE_TRY = { ...METRICS_CALL, maxAttempts: 1 } as const;

/**
 * Makes the clients, not captured yet.
 *
 * @param backupRegion region of the alert topic
 */
export function canaryClients(backupRegion: string, settings: ClientSettings = {}): CanaryClients {
  const here = { ...CALL, ...settings };
  const there = { ...settings, region: backupRegion };
  return {
    xray: new XRayClient(here),
    cloudWatch: new CloudWatchClient({ ...ONE_TRY, ...settings }),
    ssm: new SSMClient(here),
    iam: new IAMClient(here),
    lambda: new LambdaClient(here),
    backupTopics: new SNSClient({ ...CALL, ...there }),
    backupCloudWatch: new CloudWatchClient({ ...METRICS_CALL, ...there }),
  };
}
