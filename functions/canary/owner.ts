import type { Owner } from "../../contract/names";

/** What the ARN of the alert topic tells. */
export interface Backup extends Owner {
  /** Region of the topic, another than the canary's own (CAN-7). */
  readonly region: string;
}

const TOPIC = /^arn:(aws[a-z-]*):sns:([a-z0-9-]+):(\d{12}):[\w-]+$/;

/**
 * Reads account, partition and region off the alert topic's ARN.
 *
 * @throws Error when it is no ARN of a topic; the value is not part of the message
 */
export function backupOf(topicArn: string): Backup {
  const [, partition, region, accountId] = TOPIC.exec(topicArn) ?? [];
  if (partition === undefined || region === undefined || accountId === undefined) {
    throw new Error(
      "canary cannot start: ALERT_TOPIC_ARN is not the ARN of an SNS topic. " +
        "The canary's construct in modules/ sets it; deploy it again.",
    );
  }
  return { partition, region, accountId };
}
