import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm";
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { TerraformProvider } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import {
  type AlarmDefinition,
  alarmName,
  type Condition,
  type Series,
  type Severity,
  type Signal,
  type Suppressor,
} from "../contract/alarms/definition";
import type { Environment } from "../contract/names";
import { ConstructError } from "./construct-error";

/** Props of {@link Alarm}. */
export interface AlarmProps {
  /** Environment, first part of the alarm's name. @default none */
  readonly environment: Environment;
  /** What the alarm watches and when it fires. @default none */
  readonly definition: AlarmDefinition;
  /** Topics paged on ALARM and on OK, in the region of the alarm. @default none: an alarm nobody hears is refused by the guard-rails */
  readonly topicArns: readonly string[];
  /** Region the alarm lives in. @default none */
  readonly region: string;
  /** Provider of that region. @default the stack's provider */
  readonly provider?: TerraformProvider;
}

const PERCENTILE = /^p\d+(\.\d+)?$/;
const ID_OF_RESULT = "result";

/** One alarm of the catalogue. It knows what a board needs: ARN, name, severity and the line to draw. */
export class Alarm extends Construct {
  /** ARN of the alarm. */
  readonly arn: string;
  /** CloudWatch name. */
  readonly alarmName: string;
  /** The definition it was made from. */
  readonly definition: AlarmDefinition;
  readonly severity: Severity;
  /** Region it lives in. */
  readonly region: string;

  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { definition, environment } = props;
    this.definition = definition;
    this.severity = definition.severity;
    this.region = props.region;
    this.alarmName = alarmName(environment, definition.id);
    const common = {
      alarmName: this.alarmName,
      alarmDescription: describe(definition),
      alarmActions: [...props.topicArns],
      okActions: [...props.topicArns],
      ...(definition.pagesOnSilence === true ? { insufficientDataActions: [...props.topicArns] } : {}),
      actionsEnabled: true,
      tags: { Severity: definition.severity },
      ...(props.provider === undefined ? {} : { provider: props.provider }),
    };
    if (definition.signal.kind === "composite") {
      const { anyOf, suppressor } = definition.signal;
      const children = anyOf.map((child) => `ALARM("${alarmName(environment, child)}")`);
      this.arn = new CloudwatchCompositeAlarm(this, "alarm", {
        ...common,
        alarmRule: children.join(" OR "),
        dependsOn: anyOf.map((child) => siblingAlarm(this, child)),
        ...(suppressor === undefined
          ? {}
          : { actionsSuppressor: suppression(this, environment, suppressor) }),
      }).arn;
      return;
    }
    const condition = definition.condition ?? missingCondition(this);
    this.arn = new CloudwatchMetricAlarm(this, "alarm", {
      ...common,
      comparisonOperator: condition.comparison,
      threshold: condition.threshold,
      evaluationPeriods: condition.evaluationPeriods,
      datapointsToAlarm: condition.evaluationPeriods,
      treatMissingData: condition.treatMissingData,
      ...signalConfig(definition.signal, condition),
    }).arn;
  }

  /** True for alarms made by this class, wherever they are in the tree. */
  static isAlarm(construct: IConstruct): construct is Alarm {
    return construct instanceof Alarm;
  }
}

function describe(definition: AlarmDefinition): string {
  return `${definition.meaning} First: ${definition.firstStep} Runbook: docs/runbooks/${definition.runbook}.md`;
}

function missingCondition(scope: Construct): never {
  throw new ConstructError(scope, {
    found: "an alarm on a metric without condition",
    expected: "comparison, threshold, period and treatMissingData",
    nextStep: "add condition to the definition",
  });
}

function suppression(composite: Alarm, environment: Environment, suppressor: Suppressor) {
  siblingAlarm(composite, suppressor.id);
  return {
    alarm: alarmName(environment, suppressor.id),
    waitPeriod: suppressor.waitSeconds,
    extensionPeriod: suppressor.extensionSeconds,
  };
}

function siblingAlarm(composite: Alarm, id: string): CloudwatchMetricAlarm | CloudwatchCompositeAlarm {
  const sibling = composite.node.scope?.node.tryFindChild(id);
  const resource = sibling?.node.tryFindChild("alarm");
  if (resource instanceof CloudwatchMetricAlarm || resource instanceof CloudwatchCompositeAlarm)
    return resource;
  throw new ConstructError(composite, {
    found: `no alarm "${id}" beside this composite`,
    expected: "every child and the suppressor in the same tier, created before the composite",
    nextStep: `put "${id}" in the same tiers as the composite, before it in the catalogue`,
  });
}

function signalConfig(signal: Exclude<Signal, { kind: "composite" }>, condition: Condition) {
  if (signal.kind === "math") {
    return { metricQuery: mathQueries(signal, condition.periodSeconds) };
  }
  const { namespace, name, dimensions, statistic } = signal.series;
  return {
    namespace,
    metricName: name,
    dimensions: { ...dimensions },
    period: condition.periodSeconds,
    ...(PERCENTILE.test(statistic)
      ? { extendedStatistic: statistic, evaluateLowSampleCountPercentiles: "evaluate" }
      : { statistic }),
  };
}

function mathQueries(
  signal: Extract<Signal, { kind: "math" }>,
  period: number,
): CloudwatchMetricAlarmMetricQuery[] {
  const inputs = Object.entries(signal.series).map(([id, series]: [string, Series]) => ({
    id,
    returnData: false,
    metric: {
      namespace: series.namespace,
      metricName: series.name,
      dimensions: { ...series.dimensions },
      stat: series.statistic,
      period,
    },
  }));
  const result = { id: ID_OF_RESULT, expression: signal.expression, label: signal.label, returnData: true };
  return [result, ...inputs];
}
