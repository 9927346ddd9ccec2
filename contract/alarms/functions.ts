import type { Environment } from "../names";
import { APPLICATION_SERVICES, isAsynchronous, SERVICE_KEYS, SERVICES, type ServiceKey } from "../services";
import { type AlarmDefinition, above, from, periodFor, type Severity, type Signal } from "./definition";
import { lambdaSeries } from "./series";

/** Functions that are meant to end long before their timeout; a stream is meant to last. */
const SHORT_LIVED = SERVICE_KEYS.filter((service) => SERVICES[service].trigger.kind !== "url");

/**
 * Errors as a share of invocations. Below eleven invocations a single failure proves little, yet functions that
 * run every few minutes never reach eleven: there two failures count.
 */
function errorShare(environment: Environment, service: ServiceKey): Signal {
  return {
    kind: "math",
    expression: "IF(inv > 10, 100 * err / inv, IF(err >= 2, 100 * err / inv, 0))",
    label: "errors, % of invocations",
    series: {
      err: lambdaSeries(environment, service, "Errors", "Sum"),
      inv: lambdaSeries(environment, service, "Invocations", "Sum"),
    },
  };
}

function errorAlarm(
  environment: Environment,
  service: ServiceKey,
  severity: Severity,
  percent: number,
  evaluationPeriods: number,
): AlarmDefinition {
  return {
    id: `${service}-errors-${severity}`,
    tiers: from("standard"),
    severity,
    signal: errorShare(environment, service),
    condition: above(percent, periodFor(service, 300), evaluationPeriods),
    meaning: `More than ${percent} % of ${service} invocations fail.`,
    firstStep: `Filter the traces of ${service} by fault = true and read the first exception.`,
    runbook: "errors",
    requirement: "FR-127",
  };
}

/**
 * Duration against the function's own timeout.
 *
 * @param fraction share of the timeout, 0 to 1
 */
function latencyAlarm(
  environment: Environment,
  service: ServiceKey,
  severity: Severity,
  fraction: number,
): AlarmDefinition {
  return {
    id: `${service}-latency-${severity}`,
    tiers: from("standard"),
    severity,
    signal: { kind: "metric", series: lambdaSeries(environment, service, "Duration", "p95") },
    condition: above(fraction * SERVICES[service].timeoutSeconds * 1000, periodFor(service, 300), 3),
    meaning: `${service} uses more than ${fraction * 100} % of its ${SERVICES[service].timeoutSeconds} s timeout.`,
    firstStep: `Open the slowest traces of ${service} and find the subsegment that grew.`,
    runbook: "latency",
    requirement: "FR-128",
  };
}

function throttleAlarm(environment: Environment, service: ServiceKey): AlarmDefinition {
  return {
    id: `${service}-throttles`,
    tiers: from("standard"),
    severity: "warning",
    signal: { kind: "metric", series: lambdaSeries(environment, service, "Throttles", "Sum") },
    condition: above(0, periodFor(service, 300), 1),
    meaning: `Lambda refused to start ${service}: its reserved concurrency is used up.`,
    firstStep: `Compare the concurrent executions of ${service} with its reserved concurrency.`,
    runbook: "throttles",
    requirement: "application §9.1",
  };
}

/**
 * One alarm over the asynchronous functions, for the tier that cannot afford one each. Not the metrics function: when
 * it fails, the heartbeat of the same tier says so.
 */
function asyncFailures(environment: Environment): AlarmDefinition {
  const watched = APPLICATION_SERVICES.filter((service) => isAsynchronous(service) && service !== "metrics");
  const ids = watched.map((service) => `err_${service}`);
  return {
    id: "async-failures",
    tiers: ["essential"],
    severity: "critical",
    signal: {
      kind: "math",
      expression: ids.map((id) => `FILL(${id}, 0)`).join(" + "),
      label: "failed asynchronous invocations",
      series: Object.fromEntries(
        watched.map((service) => [`err_${service}`, lambdaSeries(environment, service, "Errors", "Sum")]),
      ),
    },
    condition: {
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 2,
      periodSeconds: 300,
      evaluationPeriods: 2,
      treatMissingData: "missing",
    },
    meaning: "Functions without a caller keep failing; retries will run out into the dead-letter queue.",
    firstStep: "Filter traces by fault = true to see which function fails.",
    runbook: "errors",
    requirement: "application §9.1",
  };
}

/** Share of its timeout above which a function is about to be killed. */
const NEARLY_TIMED_OUT = 0.8;

/** One alarm on the function closest to its timeout, for the tier that cannot afford one each. */
function slowestFunction(environment: Environment): AlarmDefinition {
  const shares = SHORT_LIVED.map((service) => {
    const msPerPercent = SERVICES[service].timeoutSeconds * 10;
    return `FILL(p95_${service}, 0) / ${msPerPercent}`;
  });
  return {
    id: "slowest-function",
    tiers: ["essential"],
    severity: "warning",
    signal: {
      kind: "math",
      expression: `MAX([${shares.join(", ")}])`,
      label: "p95 duration of the slowest function, % of its timeout",
      series: Object.fromEntries(
        SHORT_LIVED.map((service) => [
          `p95_${service}`,
          lambdaSeries(environment, service, "Duration", "p95"),
        ]),
      ),
    },
    condition: above(NEARLY_TIMED_OUT * 100, 300, 3),
    meaning: `A function uses more than ${NEARLY_TIMED_OUT * 100} % of its timeout.`,
    firstStep: "See on the board whose duration grew, then open its slowest traces.",
    runbook: "latency",
    requirement: "FR-128",
  };
}

/** Functions with another alarm that warns long before the timeout comes near. */
const WARNED_EARLIER: readonly ServiceKey[] = ["analysis", "dashboard"];

/** Alarms on what Lambda itself publishes about every function. */
export function functionAlarms(environment: Environment): readonly AlarmDefinition[] {
  const perFunction = APPLICATION_SERVICES.flatMap((service) => [
    errorAlarm(environment, service, "critical", 5, 2),
    errorAlarm(environment, service, "warning", 1, 3),
    ...(SHORT_LIVED.includes(service)
      ? [
          latencyAlarm(
            environment,
            service,
            WARNED_EARLIER.includes(service) ? "critical" : "warning",
            NEARLY_TIMED_OUT,
          ),
        ]
      : []),
    throttleAlarm(environment, service),
  ]);
  return [
    asyncFailures(environment),
    slowestFunction(environment),
    ...perFunction,
    // The canary never fails and says itself what is wrong; only too slow it is killed before it can (ADR 0026).
    latencyAlarm(environment, "canary", "warning", NEARLY_TIMED_OUT),
    latencyAlarm(environment, "analysis", "warning", 0.6),
  ];
}
