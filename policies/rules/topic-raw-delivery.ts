import { ofType, text } from "../terraform/model";
import type { Rule } from "./rule";

/** SNS carries the trace header only when delivery is not raw (SNS-1). */
export const topicRawDelivery: Rule = {
  id: "topic-raw-delivery",
  statement: "No subscription of a function or queue uses raw message delivery.",
  why: "Raw delivery drops the trace header, and the trace ends at the topic.",
  check({ terraform }) {
    return ofType(terraform, "aws_sns_topic_subscription")
      .filter((one) => ["lambda", "sqs"].includes(text(one, "protocol") ?? ""))
      .filter(
        (one) => ![undefined, false].includes(one.values["raw_message_delivery"] as boolean | undefined),
      )
      .map((one) => ({
        path: one.path,
        found: `raw_message_delivery is ${JSON.stringify(one.values["raw_message_delivery"])}`,
        expected: "absent or false",
        nextStep: "remove raw_message_delivery",
      }));
  },
};
