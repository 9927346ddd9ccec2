import { ofType, type Resource, type TerraformModel, text } from "../../terraform/model";
import { resourcesAt, type Target, targetsOf } from "../../terraform/targets";
import { alarmTopics } from "../alarm-topics";
import { bad, type Finding, GOOD, judged, unknown } from "../finding";
import { policyStatements } from "../grants";
import { every } from "../iam-match";
import type { Rule } from "../rule";
import { alarmsMay, CLOUDWATCH } from "../service-grants";

const KEYS = ["aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"];
const ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"];
const MANAGED = /(^|:)alias\/aws\/sns$/;
const EXPECTED = `a customer key whose policy allows kms:Decrypt and kms:GenerateDataKey* to Service ${CLOUDWATCH}`;
const NEXT = "add that statement to the policy of the key, bounded by aws:SourceAccount";

function keyOf(terraform: TerraformModel, target: Target): Target {
  if (target.kind !== "resource" || target.resource.type !== "aws_kms_alias") return target;
  const name = text(target.resource, "name") ?? "";
  if (MANAGED.test(name)) return { kind: "outside", value: name };
  const attribute =
    target.resource.values["target_key_id"] === undefined ? "target_key_arn" : "target_key_id";
  return targetsOf(terraform, target.resource, attribute, KEYS)[0] ?? { kind: "unknown" };
}

function lookAtPolicyOf(terraform: TerraformModel, key: Resource): Finding {
  const separate = ofType(terraform, "aws_kms_key_policy").filter((one) =>
    resourcesAt(terraform, one, "key_id", KEYS).some((k) => k.address === key.address),
  );
  const written = separate[0] ?? key;
  if ((written.values["policy"] ?? "") === "") {
    return bad(
      `it is encrypted with ${key.address}, whose policy is the one KMS gives a key: it admits the account, no service`,
      EXPECTED,
      NEXT,
    );
  }
  const statements = policyStatements(terraform, written, "policy");
  const answers = ACTIONS.map((one) => (statements === undefined ? "unknown" : alarmsMay(statements, one)));
  const answer = every(answers);
  if (answer === "yes") return GOOD;
  if (answer === "unknown") {
    return unknown(
      `whether the policy of ${written.address} lets ${CLOUDWATCH} use the key is not in this file`,
      "write the policy with aws_iam_policy_document, or check the state after apply",
    );
  }
  const refused = ACTIONS.filter((_, i) => answers[i] === "no").join(" and ");
  return bad(
    `it is encrypted with ${key.address}, whose policy does not allow ${refused} to ${CLOUDWATCH}`,
    EXPECTED,
    NEXT,
  );
}

/** Whether the key of one topic lets alarms use it; `undefined` when it has none. */
export function lookAtKey(terraform: TerraformModel, topic: Resource): Finding {
  const types = [...KEYS, "aws_kms_alias"];
  const [first] = targetsOf(terraform, topic, "kms_master_key_id", types);
  if (first === undefined || (first.kind === "outside" && first.value === "")) return undefined;
  const target = keyOf(terraform, first);
  if (target.kind === "outside" && MANAGED.test(target.value)) {
    return bad(
      "it is encrypted with alias/aws/sns, the key of AWS, whose policy admits no alarms and cannot be changed",
      EXPECTED,
      "make an aws_kms_key with such a policy and set kms_master_key_id to it",
    );
  }
  if (target.kind === "resource" && !target.resource.address.includes("data."))
    return lookAtPolicyOf(terraform, target.resource);
  const named = target.kind === "outside" ? target.value : "a key that is known only after apply";
  return unknown(
    `it is encrypted with ${named}, which this file does not manage`,
    "check the policy of the key where it is managed, and acknowledge this with that reason",
  );
}

/** The key of a topic admits the alarms that publish to it (D2). */
export const topicKeyAdmitsAlarms: Rule = {
  id: "topic-key-admits-alarms",
  group: "nobody-hears",
  severity: "error",
  statement: "Every encrypted topic an alarm publishes to has a key that lets CloudWatch use it.",
  why: "Without the key the publication fails; the alarm is red on the board and silent everywhere else (D2).",
  judge({ terraform }) {
    return alarmTopics(terraform).flatMap((topic) => judged(topic, [lookAtKey(terraform, topic)]));
  },
};
