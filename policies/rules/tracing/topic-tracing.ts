import { ofType, text, unresolved } from "../../terraform/model";
import { resourcesAt } from "../../terraform/targets";
import { AFTER_APPLY } from "../finding";
import { compliant, type Judgement, type Rule, undecided, violation } from "../rule";

/** Subscribers of ours SNS hands a trace on to; what a URL belongs to no file says. */
const TRACED = ["lambda", "sqs", "firehose"];

/** Topics between traced services write a segment of their own (SNS-2). */
export const topicTracing: Rule = {
  id: "topic-tracing",
  group: "tracing",
  severity: "note",
  statement: "Every topic that delivers to a function or queue has tracing_config = Active.",
  why: "Without it the trace goes on, but the topic is no node in it: delivery time and failures stay unseen.",
  judge({ terraform }) {
    const delivering = new Set(
      ofType(terraform, "aws_sns_topic_subscription")
        .filter((one) => TRACED.includes(text(one, "protocol") ?? ""))
        .flatMap((one) => resourcesAt(terraform, one, "topic_arn", ["aws_sns_topic"]))
        .map((topic) => topic.address),
    );
    return ofType(terraform, "aws_sns_topic")
      .filter((topic) => delivering.has(topic.address))
      .map((topic): Judgement => {
        const mode = text(topic, "tracing_config");
        if (mode === "Active") return compliant(topic);
        if (unresolved(topic, "tracing_config"))
          return undecided(topic, "its tracing_config is known only after apply", AFTER_APPLY);
        return violation(topic, {
          found: `tracing_config is ${mode === undefined || mode === "" ? "absent" : mode}`,
          expected: "Active",
          nextStep:
            'set tracing_config = "Active", and let sns.amazonaws.com write with aws_xray_resource_policy',
        });
      });
  },
};
