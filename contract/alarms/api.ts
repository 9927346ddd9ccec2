import { API, apiName } from "../api";
import type { Environment } from "../names";
import { type AlarmDefinition, above, from, type Series } from "./definition";
import { lambdaSeries } from "./series";

/** Milliseconds after which people call a page slow, whatever the function's timeout (FR-061). */
const IMPATIENCE_MS = 1000;

function gatewaySeries(environment: Environment, name: string, statistic: string): Series {
  const dimensions = { ApiName: apiName(environment), Stage: API.stage };
  return { namespace: "AWS/ApiGateway", name, dimensions, statistic };
}

/**
 * All that can keep an answer from somebody, in one alarm for the tier that cannot afford one each. A crash counts
 * twice, as 5xx of the gateway and as error of the function, so it takes failures in two periods in a row.
 */
function apiFailures(environment: Environment): AlarmDefinition {
  return {
    id: "api-failures",
    tiers: ["essential"],
    severity: "critical",
    signal: {
      kind: "math",
      expression: "FILL(answered, 0) + FILL(crashed, 0) + FILL(throttled, 0)",
      label: "requests answered with 5xx, crashed or throttled",
      series: {
        answered: gatewaySeries(environment, "5XXError", "Sum"),
        crashed: lambdaSeries(environment, "dashboard", "Errors", "Sum"),
        throttled: lambdaSeries(environment, "dashboard", "Throttles", "Sum"),
      },
    },
    condition: { ...above(2, 300, 2), comparison: "GreaterThanOrEqualToThreshold" },
    meaning: "People keep getting server errors from the API.",
    firstStep: "Filter traces by annotation.http_status >= 500 and read the first exception.",
    runbook: "api",
    requirement: "application §9.1",
  };
}

/** Alarms on the API as its callers feel it (FR-138). */
export function apiAlarms(environment: Environment): readonly AlarmDefinition[] {
  return [
    apiFailures(environment),
    {
      id: "api-server-errors",
      tiers: from("standard"),
      severity: "critical",
      // The metric is 0 or 1 per request, so its average is the share of requests.
      signal: { kind: "metric", series: gatewaySeries(environment, "5XXError", "Average") },
      condition: above(0.01, 300, 2),
      meaning: "More than 1 % of requests to the API are answered with a server error.",
      firstStep: "Filter traces by annotation.http_status >= 500 and read the first exception.",
      runbook: "api",
      requirement: "FR-138",
    },
    {
      id: "api-latency",
      tiers: from("standard"),
      severity: "warning",
      signal: { kind: "metric", series: gatewaySeries(environment, "IntegrationLatency", "p99") },
      condition: above(5000, 300, 2),
      meaning: "One request in a hundred waits more than 5 s for the function behind the gateway.",
      firstStep: "Open the slowest traces and compare the gateway's time with the function's.",
      runbook: "api",
      requirement: "FR-138",
    },
    {
      id: "dashboard-slow",
      tiers: from("standard"),
      severity: "warning",
      signal: { kind: "metric", series: lambdaSeries(environment, "dashboard", "Duration", "p95") },
      condition: above(IMPATIENCE_MS, 300, 3),
      meaning: `One request in twenty takes the API more than ${IMPATIENCE_MS / 1000} s.`,
      firstStep: "Group the traces by annotation.http_route and find the subsegment that grew.",
      runbook: "api",
      requirement: "FR-061",
    },
  ];
}
