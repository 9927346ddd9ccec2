import { paginateListSubscriptionsByTopic, SNSClient } from "@aws-sdk/client-sns";
import { ask } from "../aws/answer";
import { clientOptions } from "../aws/client-options";
import { type Finding, undecidedBy } from "./probe";

/** A subscription of a topic, as far as others may know of it. */
export interface TopicSubscription {
  /** Absent while the receiver has not confirmed it. */
  readonly arn?: string;
  readonly protocol: string;
  /** Where it delivers to: an ARN, or the protocol and the host. */
  readonly endpoint: string;
}

/** The address of a mailbox, a person's telephone, and a webhook's path, which is a secret, are nobody's business here. */
function publicPart(protocol: string, endpoint: string): string {
  if (endpoint.startsWith("arn:")) return endpoint;
  const host = URL.canParse(endpoint) ? new URL(endpoint).host : /@([\w.-]+)$/.exec(endpoint)?.[1];
  return host === undefined || host === "" ? protocol : `${protocol} at ${host}`;
}

/** The subscriptions of a topic, without those that were deleted. @throws what SNS refuses with */
export async function subscriptionsOf(
  client: SNSClient,
  topic: string,
): Promise<readonly TopicSubscription[]> {
  const found: TopicSubscription[] = [];
  const pages = paginateListSubscriptionsByTopic({ client }, { TopicArn: topic });
  for await (const { Subscriptions = [] } of pages)
    for (const { SubscriptionArn = "", Protocol: protocol = "", Endpoint = "" } of Subscriptions) {
      const endpoint = publicPart(protocol, Endpoint);
      if (SubscriptionArn.startsWith("arn:")) found.push({ arn: SubscriptionArn, protocol, endpoint });
      else if (SubscriptionArn === "PendingConfirmation") found.push({ protocol, endpoint });
    }
  return found;
}

/**
 * Asks SNS about topics, all at once and each in its own region, which may be another than that of the rest.
 *
 * @param evidence the calls that are made
 */
export function aboutTopics<T>(
  topics: readonly string[],
  evidence: string,
  read: (client: SNSClient, topic: string) => Promise<T>,
  judge: (about: string, value: T) => Finding,
): Promise<readonly Finding[]> {
  const look = async (topic: string): Promise<Finding> => {
    const region = topic.split(":")[3];
    const client = new SNSClient(clientOptions(region));
    try {
      const asked = { action: "sns:ListSubscriptionsByTopic", subject: `--topic ${topic}`, region };
      const answer = await ask(asked, () => read(client, topic));
      if (answer.kind === "trouble") return undecidedBy(answer.trouble, evidence, topic);
      return judge(topic, answer.value);
    } finally {
      client.destroy();
    }
  };
  return Promise.all(topics.map(look));
}
