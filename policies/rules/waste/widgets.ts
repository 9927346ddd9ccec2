import { isObject, type JsonObject, type Resource, text } from "../../terraform/model";

/** A row of a metric widget with CloudWatch's shorthand written out. */
export interface WidgetMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The widgets of a dashboard; `undefined` when its body is not readable JSON before apply. */
export function widgetsOf(board: Resource): readonly JsonObject[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text(board, "dashboard_body") ?? "");
    const widgets = isObject(parsed) ? parsed["widgets"] : undefined;
    return Array.isArray(widgets) ? widgets.filter(isObject) : undefined;
  } catch {
    return undefined;
  }
}

function properties(widget: JsonObject): JsonObject {
  return isObject(widget["properties"]) ? widget["properties"] : {};
}

/** Names of the alarms a widget shows by literal ARN. */
export function literalAlarms(widget: JsonObject): readonly string[] {
  const listed = properties(widget)["alarms"];
  return (Array.isArray(listed) ? listed : []).flatMap((arn) => {
    const name = typeof arn === "string" && !arn.includes("${") ? arn.split(":alarm:")[1] : undefined;
    return name === undefined ? [] : [name];
  });
}

/** `...` repeats the row before, `.` the same place in it (CloudWatch dashboard body). */
function written(row: readonly unknown[], before: readonly string[]): readonly string[] {
  const words = row.filter((one) => typeof one === "string");
  const [head, ...rest] = words;
  if (head === "...") return [...before.slice(0, before.length - rest.length), ...rest];
  return words.map((word, i) => (word === "." ? (before[i] ?? "") : word));
}

/** The metrics a widget draws; expressions are left out. */
export function widgetMetrics(widget: JsonObject): readonly WidgetMetric[] {
  const rows = properties(widget)["metrics"];
  let before: readonly string[] = [];
  return (Array.isArray(rows) ? rows : []).flatMap((row) => {
    if (!Array.isArray(row) || typeof row[0] !== "string") return [];
    before = written(row, before);
    const [namespace, name, ...pairs] = before;
    if (namespace === undefined || name === undefined) return [];
    const dimensions: Record<string, string> = {};
    for (let i = 0; i + 1 < pairs.length; i += 2) dimensions[pairs[i] as string] = pairs[i + 1] as string;
    return [{ namespace, name, dimensions }];
  });
}
