import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
} from "@aws-sdk/client-sns";
import { ask } from "../aws/answer";
import { clientOptions } from "../aws/client-options";
import { type Finding, type Probe, undecidedBy } from "./probe";

const EVIDENCE = "sns:ListSubscriptionsByTopic, sns:GetSubscriptionAttributes";
const WANTED = "raw message delivery off on every queue and HTTP endpoint";

interface Subscription {
  readonly endpoint: string;
  readonly raw: boolean;
}

/** Protocols that can be delivered to in raw form and whose receivers read a trace from the envelope's attributes. */
const RAW_PROTOCOLS = ["sqs", "http", "https", "firehose"];

async function subscriptions(client: SNSClient, topic: string): Promise<readonly Subscription[]> {
  const found: Subscription[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
    { client },
    { TopicArn: topic },
  ))
    for (const { SubscriptionArn = "", Protocol = "", Endpoint = "" } of Subscriptions) {
      if (!SubscriptionArn.startsWith("arn:")) continue;
      const raw = RAW_PROTOCOLS.includes(Protocol) && (await isRaw(client, SubscriptionArn));
      // An address of a mailbox or a person's telephone is nobody's business here.
      found.push({ endpoint: Endpoint.startsWith("arn:") ? Endpoint : Protocol, raw });
    }
  return found;
}

async function isRaw(client: SNSClient, arn: string): Promise<boolean> {
  const { Attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }));
  return Attributes?.["RawMessageDelivery"] === "true";
}

/** DOC-3 broken chain: no subscription delivers raw messages (SNS-2). */
export const rawDelivery: Probe = {
  id: "raw-delivery",
  label: "Topic's deliveries",
  why: "Raw delivery strips the envelope, and with it what a receiver continues the trace from.",
  weight: "required",
  missing: ({ topics }) => (topics.length === 0 ? "--topic ARN" : undefined),
  look: async ({ settings }) => {
    const { region, topics } = settings;
    const client = new SNSClient(clientOptions(region));
    const judge = async (about: string): Promise<Finding> => {
      const asked = { action: "sns:ListSubscriptionsByTopic", subject: `--topic ${about}`, region };
      const answer = await ask(asked, () => subscriptions(client, about));
      if (answer.kind === "trouble") return undecidedBy(answer.trouble, EVIDENCE, about);
      const seen = { about, evidence: EVIDENCE, wanted: WANTED };
      const raw = answer.value.filter((one) => one.raw).map(({ endpoint }) => endpoint);
      if (answer.value.length === 0) {
        const fix = "confirm a subscription; a topic without one delivers nothing";
        return { ...seen, verdict: "warn", found: "no confirmed subscription", fix };
      }
      if (raw.length === 0) {
        return { ...seen, verdict: "pass", found: `off on ${answer.value.length} subscriptions` };
      }
      const fix = "set raw_message_delivery = false, and read the envelope's Message in the receiver";
      return { ...seen, verdict: "fail", found: `on for ${raw.join(", ")}`, fix };
    };
    try {
      return await Promise.all(topics.map(judge));
    } finally {
      client.destroy();
    }
  },
};
