import { awsDimensionSet } from "./cannot-fire/aws-dimension-set";
import { awsMetricExists } from "./cannot-fire/aws-metric-exists";
import { billingRegion } from "./cannot-fire/billing-region";
import { comparisonDecides } from "./cannot-fire/comparison-decides";
import { compositeChildrenExist } from "./cannot-fire/composite-children-exist";
import { compositeChildrenFire } from "./cannot-fire/composite-children-fire";
import { customMetricEmitted } from "./cannot-fire/custom-metric-emitted";
import { deadLettersArrive } from "./cannot-fire/dead-letters-arrive";
import { dimensionNamesResource } from "./cannot-fire/dimension-names-resource";
import { errorsReachLambda } from "./cannot-fire/errors-reach-lambda";
import { filterDimensions } from "./cannot-fire/filter-dimensions";
import { filterMatchesLogs } from "./cannot-fire/filter-matches-logs";
import { filterMetricWatched } from "./cannot-fire/filter-metric-watched";
import { filterPatternValid } from "./cannot-fire/filter-pattern-valid";
import { functionInvoked } from "./cannot-fire/function-invoked";
import { mathIdsKnown } from "./cannot-fire/math-ids-known";
import { namespaceWritable } from "./cannot-fire/namespace-writable";
import { thresholdReachable } from "./cannot-fire/threshold-reachable";
import { chainAlarm } from "./chain/chain-alarm";
import { chainEmitter } from "./chain/chain-emitter";
import { chainGrant } from "./chain/chain-grant";
import { functionAttachmentsFirst } from "./house/function-attachments-first";
import { functionVariables } from "./house/function-variables";
import { functionXrayAccess } from "./house/function-xray-access";
import { noInlinePolicy } from "./house/no-inline-policy";
import { schedulePermission } from "./house/schedule-permission";
import { alarmMissingData } from "./lies/alarm-missing-data";
import { breachingCoversSchedule } from "./lies/breaching-covers-schedule";
import { datapointsWithinPeriods } from "./lies/datapoints-within-periods";
import { percentileSamples } from "./lies/percentile-samples";
import { periodCoversSchedule } from "./lies/period-covers-schedule";
import { periodValid } from "./lies/period-valid";
import { proofOfLifeSilence } from "./lies/proof-of-life-silence";
import { thresholdFollowsTimeout } from "./lies/threshold-follows-timeout";
import { actionInRegion } from "./nobody-hears/action-in-region";
import { alarmAction } from "./nobody-hears/alarm-action";
import { alarmActionsEnabled } from "./nobody-hears/alarm-actions-enabled";
import { suppressorExists } from "./nobody-hears/suppressor-exists";
import { topicKeyAdmitsAlarms } from "./nobody-hears/topic-key-admits-alarms";
import { topicPolicyAdmitsAlarms } from "./nobody-hears/topic-policy-admits-alarms";
import { topicSubscribed } from "./nobody-hears/topic-subscribed";
import { describeViolation, type Judgement, type Rule, type RuleInput } from "./rule";
import { forbiddenVariables } from "./tracing/forbidden-variables";
import { functionTracing } from "./tracing/function-tracing";
import { imageByDigest } from "./tracing/image-by-digest";
import { imageWithoutLayers } from "./tracing/image-without-layers";
import { logRetention } from "./tracing/log-retention";
import { roleWritesTraces } from "./tracing/role-writes-traces";
import { stageTracing } from "./tracing/stage-tracing";
import { streamingOutsideVpc } from "./tracing/streaming-outside-vpc";
import { topicRawDelivery } from "./tracing/topic-raw-delivery";
import { topicTracing } from "./tracing/topic-tracing";
import { xrayQuotaRoom } from "./tracing/xray-quota-room";
import { alarmBudget } from "./waste/alarm-budget";
import { alarmOnBoard } from "./waste/alarm-on-board";
import { boardWidgetMatches } from "./waste/board-widget-matches";
import { duplicateAlarm } from "./waste/duplicate-alarm";

const CHAIN: readonly Rule[] = [chainEmitter, chainGrant, chainAlarm];

const HOUSE: readonly Rule[] = [
  functionXrayAccess,
  functionVariables,
  functionAttachmentsFirst,
  noInlinePolicy,
  schedulePermission,
];

const TRACING: readonly Rule[] = [
  functionTracing,
  roleWritesTraces,
  stageTracing,
  topicRawDelivery,
  topicTracing,
  forbiddenVariables,
  imageByDigest,
  imageWithoutLayers,
  streamingOutsideVpc,
  logRetention,
  xrayQuotaRoom,
];

const SILENT: readonly Rule[] = [
  awsMetricExists,
  awsDimensionSet,
  dimensionNamesResource,
  billingRegion,
  namespaceWritable,
  customMetricEmitted,
  filterPatternValid,
  filterDimensions,
  filterMatchesLogs,
  filterMetricWatched,
  functionInvoked,
  errorsReachLambda,
  deadLettersArrive,
  thresholdReachable,
  comparisonDecides,
  mathIdsKnown,
  compositeChildrenExist,
];

const CANNOT_FIRE: readonly Rule[] = [...SILENT, compositeChildrenFire(SILENT)];

const LIES: readonly Rule[] = [
  alarmMissingData,
  proofOfLifeSilence,
  breachingCoversSchedule,
  periodCoversSchedule,
  percentileSamples,
  datapointsWithinPeriods,
  periodValid,
  thresholdFollowsTimeout,
];

const NOBODY_HEARS: readonly Rule[] = [
  alarmAction,
  alarmActionsEnabled,
  topicSubscribed,
  topicPolicyAdmitsAlarms,
  topicKeyAdmitsAlarms,
  actionInRegion,
  suppressorExists,
];

const WASTE: readonly Rule[] = [alarmOnBoard, boardWidgetMatches, alarmBudget, duplicateAlarm];

/** Rules that hold for any AWS Terraform, whoever wrote it. */
export const PLAN_RULES: readonly Rule[] = [...TRACING, ...CANNOT_FIRE, ...LIES, ...NOBODY_HEARS, ...WASTE];

/** Every rule, links of the chain first: what stacks made of our constructs are held to at synth. */
export const RULES: readonly Rule[] = [
  ...CHAIN,
  ...NOBODY_HEARS,
  ...WASTE,
  ...HOUSE,
  ...TRACING,
  ...CANNOT_FIRE,
  ...LIES,
];

/** A rule and one of its judgements. */
export interface Verdict {
  readonly rule: Rule;
  readonly judgement: Judgement;
}

/** All judgements of some rules, rule by rule. */
export function verdicts(rules: readonly Rule[], input: RuleInput): readonly Verdict[] {
  return rules.flatMap((rule) => rule.judge(input).map((judgement) => ({ rule, judgement })));
}

/** What stops a synth: errors and warnings of every rule, one text each, in the order of {@link RULES}. */
export function violations(input: RuleInput): readonly string[] {
  return verdicts(RULES, input).flatMap(({ rule, judgement }) =>
    judgement.outcome === "non-compliant" && rule.severity !== "note"
      ? [describeViolation(rule, judgement)]
      : [],
  );
}
