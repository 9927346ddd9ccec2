import { type Environment, physicalName } from "./names";

/** AWS services that may publish to an encrypted topic and so must be admitted by its key and policy. */
export type PublishingService = "cloudwatch" | "events" | "budgets";

/** An encrypted SNS topic. */
export interface Topic {
  readonly purpose: string;
  /** AWS services allowed to publish; functions are allowed by `ACCESS`. */
  readonly publishers: readonly PublishingService[];
  /** True when messages carry a trace from function to function. */
  readonly traced: boolean;
}

/** The application's topics (application §2.2). */
export const TOPICS = {
  "analysis-requests": { purpose: "New articles waiting for a score.", publishers: [], traced: true },
  notifications: { purpose: "Alerts waiting to be mailed.", publishers: [], traced: true },
  alarms: {
    purpose: "Pages the operators.",
    publishers: ["cloudwatch", "events", "budgets"],
    traced: false,
  },
} as const satisfies Record<string, Topic>;

/** Key of {@link TOPICS}. */
export type TopicName = keyof typeof TOPICS;

/** Topics whose messages carry a trace. */
export const TRACED_TOPICS = (Object.keys(TOPICS) as readonly TopicName[]).filter(
  (name) => TOPICS[name].traced,
);

/** The physical name of a topic. */
export function topicName(environment: Environment, topic: TopicName): string {
  return physicalName(environment, topic);
}

/** The queue that keeps what asynchronous functions could not process, in seconds of retention. */
export const DEAD_LETTER_QUEUE = { noun: "analysis-dlq", keepSeconds: 14 * 86_400 } as const;

/** The physical name of the dead-letter queue. */
export function deadLetterQueueName(environment: Environment): string {
  return physicalName(environment, DEAD_LETTER_QUEUE.noun);
}

/** Lambda retries an asynchronous event this often before it goes to the dead-letter queue. */
export const ASYNC_RETRIES = 2;

/** What SNS may be told to post to, as a regular expression that Terraform and JavaScript read alike. */
export const WEBHOOK_URL = "^https://[^/?# ]+([/?][^# ]*)?$";
