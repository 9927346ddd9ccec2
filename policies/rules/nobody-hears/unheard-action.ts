import type { Resource, TerraformModel } from "../../terraform/model";
import { type Target, targetsOfValue } from "../../terraform/targets";
import type { Finding } from "../finding";
import { actionInRegion, lookAtRegion } from "./action-in-region";
import { lookAtKey, topicKeyAdmitsAlarms } from "./topic-key-admits-alarms";
import { lookAtPolicy, topicPolicyAdmitsAlarms } from "./topic-policy-admits-alarms";
import { isUnsubscribed, topicSubscribed } from "./topic-subscribed";

/** A rule that says an alarm is not heard, and what it found. */
export interface Unheard {
  readonly rule: string;
  readonly found: string;
}

function broken(rule: string, finding: Finding): readonly Unheard[] {
  return finding?.kind === "bad" ? [{ rule, found: finding.found }] : [];
}

function reasons(terraform: TerraformModel, alarm: Resource, target: Target): readonly Unheard[] {
  const elsewhere = broken(actionInRegion.id, lookAtRegion(alarm, target));
  if (target.kind !== "resource") return elsewhere;
  const { resource: topic } = target;
  const about = (found: string) => `${topic.address}: ${found}`;
  const unsubscribed = isUnsubscribed(terraform, topic)
    ? [{ rule: topicSubscribed.id, found: about("nobody is subscribed to it") }]
    : [];
  const refused = [
    ...broken(topicPolicyAdmitsAlarms.id, lookAtPolicy(terraform, topic)),
    ...broken(topicKeyAdmitsAlarms.id, lookAtKey(terraform, topic)),
  ].map(({ rule, found }) => ({ rule, found: about(found) }));
  return [...elsewhere, ...unsubscribed, ...refused];
}

/**
 * Why one action of an alarm reaches nobody, by the rules of its group; empty when it reaches somebody, and when that
 * cannot be known before apply.
 */
export function whyUnheard(terraform: TerraformModel, alarm: Resource, action: unknown): readonly Unheard[] {
  const each = targetsOfValue(terraform, action, ["aws_sns_topic"]).map((target) =>
    reasons(terraform, alarm, target),
  );
  return each.every((one) => one.length > 0) ? each.flat() : [];
}
