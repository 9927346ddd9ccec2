import { GetSubscriptionAttributesCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Finding, Probe } from "./probe";
import { aboutTopics, subscriptionsOf } from "./topic-subscriptions";

const EVIDENCE = "sns:ListSubscriptionsByTopic, sns:GetSubscriptionAttributes";
const WANTED = "raw message delivery off on every queue and HTTP endpoint";

interface Delivery {
  readonly endpoint: string;
  readonly raw: boolean;
}

/** Protocols that can be delivered to in raw form and whose receivers read a trace from the envelope's attributes. */
const RAW_PROTOCOLS = ["sqs", "http", "https", "firehose"];

async function deliveries(client: SNSClient, topic: string): Promise<readonly Delivery[]> {
  const found: Delivery[] = [];
  for (const { arn, protocol, endpoint } of await subscriptionsOf(client, topic)) {
    if (arn === undefined) continue;
    const raw = RAW_PROTOCOLS.includes(protocol) && (await isRaw(client, arn));
    found.push({ endpoint, raw });
  }
  return found;
}

async function isRaw(client: SNSClient, arn: string): Promise<boolean> {
  const { Attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }));
  return Attributes?.["RawMessageDelivery"] === "true";
}

function judge(about: string, all: readonly Delivery[]): Finding {
  const seen = { about, evidence: EVIDENCE, wanted: WANTED };
  const raw = all.filter((one) => one.raw).map(({ endpoint }) => endpoint);
  if (all.length === 0) {
    const fix = "confirm a subscription; a topic without one delivers nothing";
    return { ...seen, verdict: "warn", found: "no confirmed subscription", fix };
  }
  if (raw.length === 0) return { ...seen, verdict: "pass", found: `off on ${all.length} subscriptions` };
  const fix = "set raw_message_delivery = false, and read the envelope's Message in the receiver";
  return { ...seen, verdict: "fail", found: `on for ${raw.join(", ")}`, fix };
}

/** DOC-3 broken chain: no subscription delivers raw messages (SNS-2). */
export const rawDelivery: Probe = {
  id: "raw-delivery",
  label: "Topic's deliveries",
  why: "Raw delivery strips the envelope, and with it what a receiver continues the trace from.",
  weight: "required",
  missing: ({ topics }) => (topics.length === 0 ? "--topic ARN" : undefined),
  look: ({ settings }) => aboutTopics(settings.topics, EVIDENCE, deliveries, judge),
};
