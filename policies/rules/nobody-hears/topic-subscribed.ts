import { list, ofType } from "../../terraform/model";
import { resourcesAt, targetsOfValue } from "../../terraform/targets";
import { alarmsIn, nameOf } from "../alarms";
import { compliant, type Rule, undecided, violation } from "../rule";

const TOPIC = ["aws_sns_topic"];

/** A topic nobody subscribed to is a page nobody gets. */
export const topicSubscribed: Rule = {
  id: "topic-subscribed",
  group: "nobody-hears",
  severity: "error",
  statement: "Every topic an alarm publishes to has a subscription.",
  why: "SNS accepts and drops what nobody subscribed to; the alarm history then says the page was sent.",
  judge({ terraform }) {
    const heard = new Set(
      ofType(terraform, "aws_sns_topic_subscription").flatMap((one) =>
        resourcesAt(terraform, one, "topic_arn", TOPIC).map((topic) => topic.address),
      ),
    );
    return alarmsIn(terraform).flatMap((alarm) => {
      const targets = list(alarm, "alarm_actions").flatMap((action) =>
        targetsOfValue(terraform, action, TOPIC),
      );
      const topics = targets.flatMap((one) => (one.kind === "resource" ? [one.resource.address] : []));
      const unheard = topics.filter((topic) => !heard.has(topic));
      if (unheard.length > 0) {
        return violation(alarm, {
          found: `${nameOf(alarm)} pages ${unheard.join(", ")}, to which nobody is subscribed`,
          expected: "an aws_sns_topic_subscription on that topic",
          nextStep: "subscribe an address, queue or function to it",
        });
      }
      if (topics.length > 0) return compliant(alarm);
      const outside = targets.flatMap((one) =>
        one.kind === "unknown" ? ["a topic known after apply"] : one.kind === "outside" ? [one.value] : [],
      );
      const elsewhere = outside.filter((one) => !one.startsWith("arn:") || one.split(":")[2] === "sns");
      if (elsewhere.length === 0) return [];
      return undecided(
        alarm,
        `${nameOf(alarm)} pages ${elsewhere.join(", ")}, which this file does not manage`,
        "check the plan of the stack that owns the topic, and acknowledge this with that reason",
      );
    });
  },
};
