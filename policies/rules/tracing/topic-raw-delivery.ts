import { isUnresolved } from "../../terraform/expression";
import { ofType, text } from "../../terraform/model";
import { AFTER_APPLY } from "../finding";
import { compliant, type Judgement, type Rule, undecided, violation } from "../rule";

/** SNS carries the trace header only when delivery is not raw (SNS-1). */
export const topicRawDelivery: Rule = {
  id: "topic-raw-delivery",
  group: "tracing",
  severity: "error",
  statement: "No subscription of a function or queue uses raw message delivery.",
  why: "Raw delivery drops the trace header, and the trace ends at the topic.",
  judge({ terraform }) {
    return ofType(terraform, "aws_sns_topic_subscription")
      .filter((one) => ["lambda", "sqs"].includes(text(one, "protocol") ?? ""))
      .map((one): Judgement => {
        const raw = one.values["raw_message_delivery"];
        if (raw === undefined || raw === null || String(raw) === "false") return compliant(one);
        if (isUnresolved(raw))
          return undecided(one, "raw_message_delivery is known only after apply", AFTER_APPLY);
        return violation(one, {
          found: `raw_message_delivery is ${JSON.stringify(raw)}`,
          expected: "absent or false",
          nextStep: "remove raw_message_delivery",
        });
      });
  },
};
