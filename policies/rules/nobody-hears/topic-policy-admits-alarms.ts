import { ofType, type Resource, type TerraformModel } from "../../terraform/model";
import { resourcesAt } from "../../terraform/targets";
import { alarmTopics } from "../alarm-topics";
import { bad, type Finding, GOOD, judged, unknown } from "../finding";
import { policyStatements } from "../grants";
import type { Rule } from "../rule";
import { alarmsMay, CLOUDWATCH } from "../service-grants";

/** Where the policy of a topic is written; nothing when it keeps the one SNS gives it. */
function policiesOf(terraform: TerraformModel, topic: Resource): readonly Resource[] {
  const separate = ofType(terraform, "aws_sns_topic_policy").filter((one) =>
    resourcesAt(terraform, one, "arn", ["aws_sns_topic"]).some((t) => t.address === topic.address),
  );
  return separate.length > 0 || (topic.values["policy"] ?? "") === "" ? separate : [topic];
}

/** Whether the policy of one topic lets alarms publish. */
export function lookAtPolicy(terraform: TerraformModel, topic: Resource): Finding {
  const [written] = policiesOf(terraform, topic);
  if (written === undefined) return GOOD;
  const statements = policyStatements(terraform, written, "policy");
  const answer = statements === undefined ? "unknown" : alarmsMay(statements, "sns:Publish");
  if (answer === "yes") return GOOD;
  if (answer === "no") {
    return bad(
      `the policy of ${written.address} does not let ${CLOUDWATCH} publish, and alarms publish to this topic`,
      `Allow sns:Publish for Service ${CLOUDWATCH}`,
      "add that statement, bounded by aws:SourceAccount; a policy of your own replaces the one SNS gives a topic",
    );
  }
  return unknown(
    `whether the policy of ${written.address} lets ${CLOUDWATCH} publish is not in this file`,
    "write the policy with aws_iam_policy_document, or check the state after apply",
  );
}

/** The policy of a topic admits the alarms that publish to it (D2). */
export const topicPolicyAdmitsAlarms: Rule = {
  id: "topic-policy-admits-alarms",
  group: "nobody-hears",
  severity: "error",
  statement: "Every topic an alarm publishes to lets CloudWatch publish.",
  why: "SNS refuses the message, the alarm changes colour, and only its history mentions the failed action.",
  judge({ terraform }) {
    return alarmTopics(terraform).flatMap((topic) => judged(topic, [lookAtPolicy(terraform, topic)]));
  },
};
