import { isUnresolved } from "../../terraform/expression";
import { list, ofType, type Resource, type TerraformModel, text } from "../../terraform/model";
import { type Target, targetsOf, targetsOfValue } from "../../terraform/targets";
import { alarmsIn, nameOf } from "../alarms";
import { compliant, type Judgement, type Rule, undecided, violation } from "../rule";

const TOPIC = ["aws_sns_topic"];

/** Messages of alarms carry no attributes, so a filter on attributes lets none of them through. */
function hears(subscription: Resource): boolean {
  if (String(subscription.values["pending_confirmation"]) === "true") return false;
  const filter = text(subscription, "filter_policy") ?? "";
  if (filter === "" || filter.replace(/\s/g, "") === "{}" || isUnresolved(filter)) return true;
  return text(subscription, "filter_policy_scope") === "MessageBody";
}

function idOf(target: Target): string {
  if (target.kind === "resource") return target.resource.address;
  return target.kind === "outside" ? target.value : "";
}

/** Topics somebody subscribed to; `anywhere` when a subscription does not say which topic it is for. */
function heardTopics(terraform: TerraformModel): {
  readonly ids: ReadonlySet<string>;
  readonly anywhere: boolean;
} {
  const targets = ofType(terraform, "aws_sns_topic_subscription")
    .filter(hears)
    .flatMap((one) => targetsOf(terraform, one, "topic_arn", TOPIC));
  return { ids: new Set(targets.map(idOf)), anywhere: targets.some((one) => one.kind === "unknown") };
}

/** True when nobody is subscribed to a topic of this file, as far as that can be known before apply. */
export function isUnsubscribed(terraform: TerraformModel, topic: Resource): boolean {
  const { ids, anywhere } = heardTopics(terraform);
  return !anywhere && !ids.has(topic.address);
}

/** Whether an action that is no topic of this file may be a topic of another. */
function maybeTopic(target: Target): boolean {
  if (target.kind !== "outside") return target.kind === "unknown";
  return !target.value.startsWith("arn:") || target.value.split(":")[2] === "sns";
}

/** A topic nobody subscribed to is a page nobody gets. */
export const topicSubscribed: Rule = {
  id: "topic-subscribed",
  group: "nobody-hears",
  severity: "error",
  statement: "Every topic an alarm publishes to has a subscription that lets messages of alarms through.",
  why: "SNS accepts and drops what nobody subscribed to; the alarm history then says the page was sent.",
  judge({ terraform }) {
    const { ids, anywhere } = heardTopics(terraform);
    return alarmsIn(terraform).flatMap((alarm): readonly Judgement[] => {
      const targets = list(alarm, "alarm_actions").flatMap((action) =>
        targetsOfValue(terraform, action, TOPIC),
      );
      const topics = targets.flatMap((one) => (one.kind === "resource" ? [one.resource.address] : []));
      const unheard = topics.filter((topic) => !ids.has(topic));
      if (unheard.length > 0 && anywhere) {
        return [
          undecided(
            alarm,
            `${nameOf(alarm)} pages ${unheard.join(", ")}, and a subscription does not say yet for which topic it is`,
            "give topic_arn as a reference to the topic, or check the state after apply",
          ),
        ];
      }
      if (unheard.length > 0) {
        return [
          violation(alarm, {
            found: `${nameOf(alarm)} pages ${unheard.join(", ")}, to which nobody is subscribed`,
            expected: "a confirmed aws_sns_topic_subscription on that topic, without a filter on attributes",
            nextStep: "subscribe an address, queue or function to it",
          }),
        ];
      }
      const open = targets.filter((one) => maybeTopic(one) && !ids.has(idOf(one)));
      if (open.length === 0) return targets.some((one) => ids.has(idOf(one))) ? [compliant(alarm)] : [];
      if (topics.length > 0) return [compliant(alarm)];
      const elsewhere = open.map((one) => idOf(one) || "a topic known after apply").join(", ");
      return [
        undecided(
          alarm,
          `${nameOf(alarm)} pages ${elsewhere}, which this file does not manage`,
          "check the plan of the stack that owns the topic, and acknowledge this with that reason",
        ),
      ];
    });
  },
};
