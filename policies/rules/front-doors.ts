import { type Resource, type TerraformModel, text } from "../terraform/model";
import { resourcesAt } from "../terraform/targets";
import { triggersOf } from "../terraform/triggers";
import { alarmsWhenHigh } from "./comparison";
import { type MetricAlarm, metricAlarms } from "./series";

/** Where callers of a function see its 5xx: one metric dimension and its value. */
export interface FrontDoor {
  readonly dimension: "ApiName" | "ApiId" | "FunctionName";
  readonly value: string;
}

/** The metrics that count the 5xx answers of REST APIs, HTTP APIs and Function URLs. */
const SERVER_ERRORS: Readonly<Record<string, FrontDoor["dimension"]>> = {
  "5XXError": "ApiName",
  "5xx": "ApiId",
  Url5xxCount: "FunctionName",
};

/** The gateways and the URL through which callers reach a function. */
export function frontDoors(terraform: TerraformModel, fn: Resource): readonly FrontDoor[] {
  const apis = ["aws_api_gateway_rest_api", "aws_apigatewayv2_api"];
  return triggersOf(terraform, fn).flatMap(({ kind, source }): readonly FrontDoor[] => {
    if (kind === "url") {
      return [{ dimension: "FunctionName", value: text(fn, "function_name") ?? fn.address }];
    }
    if (kind !== "gateway") return [];
    return resourcesAt(terraform, source, "source_arn", apis).map((api) =>
      api.type === "aws_api_gateway_rest_api"
        ? { dimension: "ApiName", value: text(api, "name") ?? api.address }
        : { dimension: "ApiId", value: text(api, "id") ?? api.address },
    );
  });
}

/** True when a metric counts the 5xx of one of some doors. */
export function countsServerErrors(
  metric: { readonly name: unknown; readonly dimensions: Readonly<Record<string, unknown>> },
  doors: readonly FrontDoor[],
): boolean {
  const dimension = SERVER_ERRORS[String(metric.name)];
  return doors.some((door) => door.dimension === dimension && metric.dimensions[dimension] === door.value);
}

/** The alarms that fire when callers of a function get 5xx. */
export function serverErrorAlarms(terraform: TerraformModel, fn: Resource): readonly MetricAlarm[] {
  const doors = frontDoors(terraform, fn);
  return metricAlarms(terraform)
    .filter(alarmsWhenHigh)
    .filter((alarm) => alarm.series.some((series) => countsServerErrors(series, doors)));
}
