import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { Construct } from "constructs";
import { filterPattern, LOG_EVENTS, type LogMetric } from "../contract/logs";

/** Props of {@link LogMetrics}. */
export interface LogMetricsProps {
  /** Metrics to make, by the name of their filter. @default none */
  readonly metrics: readonly (readonly [string, LogMetric])[];
  /** The log group to read, as a reference, so that the filters are created after it. @default none */
  readonly logGroupName: string;
  /** Namespace of the metrics; tells functions apart, because these metrics have no dimensions. @default none */
  readonly namespace: string;
}

/** The metric filters of a function's log group, generated from `contract/logs.ts` (SF-4). */
export class LogMetrics extends Construct {
  constructor(scope: Construct, id: string, props: LogMetricsProps) {
    super(scope, id);
    for (const [key, metric] of props.metrics) {
      new CloudwatchLogMetricFilter(this, key, {
        name: key,
        logGroupName: props.logGroupName,
        pattern: filterPattern(LOG_EVENTS[metric.event]),
        metricTransformation: {
          namespace: props.namespace,
          name: metric.name,
          value: metric.metricValue,
          unit: metric.unit,
          ...(metric.defaultValue === undefined ? {} : { defaultValue: metric.defaultValue }),
        },
      });
    }
  }
}
