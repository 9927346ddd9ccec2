import type { Finding, Probe } from "./probe";
import { aboutTopics, subscriptionsOf, type TopicSubscription } from "./topic-subscriptions";

const EVIDENCE = "sns:ListSubscriptionsByTopic";
const WANTED = "at least one confirmed subscription, and none that waits";
const CONFIRM =
  "follow the link in the mail, or have the webhook fetch SubscribeURL; after two days SNS deletes what waits: terraform apply, or aws sns subscribe, asks again";

function judge(about: string, subscriptions: readonly TopicSubscription[]): Finding {
  const seen = { about, evidence: EVIDENCE, wanted: WANTED };
  const waiting = subscriptions.filter(({ arn }) => arn === undefined).map(({ endpoint }) => endpoint);
  const confirmed = subscriptions.length - waiting.length;
  const found = `${confirmed} confirmed${waiting.length === 0 ? "" : `, not confirmed: ${waiting.join(", ")}`}`;
  if (subscriptions.length === 0)
    return {
      ...seen,
      verdict: "fail",
      found,
      fix: "subscribe somebody: terraform apply, or aws sns subscribe",
    };
  if (waiting.length === 0) return { ...seen, verdict: "pass", found };
  return { ...seen, verdict: confirmed === 0 ? "fail" : "warn", found, fix: CONFIRM };
}

/** CAN-7 DOC-3: somebody hears what is published to a topic. */
export const subscribers: Probe = {
  id: "subscribers",
  label: "Topic's subscribers",
  why: "SNS accepts what is published to a topic to which nobody has confirmed a subscription, and delivers it to nobody.",
  weight: "required",
  missing: ({ topics }) => (topics.length === 0 ? "--topic ARN" : undefined),
  look: ({ settings }) => aboutTopics(settings.topics, EVIDENCE, subscriptionsOf, judge),
};
