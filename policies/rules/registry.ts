import { alarmMissingData } from "./alarm-missing-data";
import { chainAction } from "./chain-action";
import { chainAlarm } from "./chain-alarm";
import { chainEmitter } from "./chain-emitter";
import { chainGrant } from "./chain-grant";
import { chainWidget } from "./chain-widget";
import { functionAttachmentsFirst } from "./function-attachments-first";
import { functionTracing } from "./function-tracing";
import { functionVariables } from "./function-variables";
import { functionXrayAccess } from "./function-xray-access";
import { logRetention } from "./log-retention";
import { noInlinePolicy } from "./no-inline-policy";
import { describeViolation, type Rule, type RuleInput } from "./rule";
import { schedulePermission } from "./schedule-permission";
import { topicRawDelivery } from "./topic-raw-delivery";

/** Every guard-rail, links of the chain first. */
export const RULES: readonly Rule[] = [
  chainEmitter,
  chainGrant,
  chainAlarm,
  chainWidget,
  chainAction,
  alarmMissingData,
  functionTracing,
  functionXrayAccess,
  functionVariables,
  functionAttachmentsFirst,
  noInlinePolicy,
  logRetention,
  topicRawDelivery,
  schedulePermission,
];

/** What the rules found, one text per violation, in the order of {@link RULES}. */
export function violations(input: RuleInput): readonly string[] {
  return RULES.flatMap((rule) => rule.check(input).map((violation) => describeViolation(rule, violation)));
}
