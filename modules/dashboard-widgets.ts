import { type Condition, SEVERITIES, type Series, type Severity } from "../contract/alarms/definition";
import type { Alarm } from "./alarm";

/** A CloudWatch dashboard widget (CloudWatch API, dashboard body structure). */
export interface Widget {
  readonly type: "alarm" | "metric";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Columns of the dashboard grid. */
const GRID_WIDTH = 24;
const ALARM_HEIGHT = 4;
const GRAPH = { width: 8, height: 6 } as const;
/** An alarm widget shows at most this many alarms (CloudWatch API). */
const ALARMS_PER_WIDGET = 100;

function isComposite(alarm: Alarm): boolean {
  return alarm.definition.signal.kind === "composite";
}

function alarmList(title: string, alarms: readonly Alarm[], y: number): Widget {
  const properties = { title, alarms: alarms.map((alarm) => alarm.arn) };
  return { type: "alarm", x: 0, y, width: GRID_WIDTH, height: ALARM_HEIGHT, properties };
}

/** Lists of at most as many alarms as a widget shows, so that none is left off the board. */
function split(alarms: readonly Alarm[]): readonly (readonly Alarm[])[] {
  const parts = Math.ceil(alarms.length / ALARMS_PER_WIDGET);
  return Array.from({ length: parts }, (_, part) =>
    alarms.slice(part * ALARMS_PER_WIDGET, (part + 1) * ALARMS_PER_WIDGET),
  );
}

function titleOf(severity: Severity): string {
  return `${severity.charAt(0).toUpperCase()}${severity.slice(1)} alarms`;
}

/** Lists of alarms: composites as a header, then one list per severity; empty lists are left out. */
export function alarmWidgets(alarms: readonly Alarm[]): readonly Widget[] {
  const lists = [
    { title: "Composite alarms", members: alarms.filter(isComposite) },
    ...SEVERITIES.map((severity) => ({
      title: titleOf(severity),
      members: alarms.filter((alarm) => alarm.severity === severity && !isComposite(alarm)),
    })),
  ].flatMap(({ title, members }) => split(members).map((part) => ({ title, members: part })));
  return lists.map((one, index) => alarmList(one.title, one.members, index * ALARM_HEIGHT));
}

function metricRow(series: Series, options: Readonly<Record<string, unknown>>): readonly unknown[] {
  const dimensions = Object.entries(series.dimensions).flat();
  return [series.namespace, series.name, ...dimensions, { stat: series.statistic, ...options }];
}

function rows(alarm: Alarm): readonly unknown[] {
  const { signal } = alarm.definition;
  if (signal.kind === "metric") return [metricRow(signal.series, {})];
  if (signal.kind === "composite") return [];
  return [
    [{ expression: signal.expression, label: signal.label, id: "result" }],
    ...Object.entries(signal.series).map(([id, series]) => metricRow(series, { id, visible: false })),
  ];
}

const COLOURS = { critical: "#d13212", warning: "#ff9900", info: "#1f77b4" } as const;

/** The threshold, with the side that alarms filled in. */
function thresholdLine(severity: Severity, condition: Condition): Readonly<Record<string, unknown>> {
  const above = condition.comparison.startsWith("GreaterThan");
  return {
    label: above ? "alarms above" : "alarms below",
    value: condition.threshold,
    fill: above ? "above" : "below",
    color: COLOURS[severity],
  };
}

function graph(alarm: Alarm, index: number, top: number): Widget {
  const perRow = GRID_WIDTH / GRAPH.width;
  const { condition } = alarm.definition;
  return {
    type: "metric",
    x: (index % perRow) * GRAPH.width,
    y: top + Math.floor(index / perRow) * GRAPH.height,
    ...GRAPH,
    properties: {
      title: alarm.alarmName,
      region: alarm.region,
      view: "timeSeries",
      period: condition?.periodSeconds,
      metrics: rows(alarm),
      annotations: { horizontal: condition === undefined ? [] : [thresholdLine(alarm.severity, condition)] },
    },
  };
}

/** One graph per alarm on a metric or expression, with its threshold drawn, below the alarm lists. */
export function graphWidgets(alarms: readonly Alarm[], top: number): readonly Widget[] {
  return alarms.filter((alarm) => !isComposite(alarm)).map((alarm, index) => graph(alarm, index, top));
}

/** First free row below some widgets. */
export function below(widgets: readonly Widget[]): number {
  return Math.max(0, ...widgets.map((widget) => widget.y + widget.height));
}
