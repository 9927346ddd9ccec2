import type { Environment } from "../names";
import { SERVICES } from "../services";
import { STREAM } from "../streaming";
import { type AlarmDefinition, above, from } from "./definition";
import { lambdaSeries, metricSeries, traceSeries } from "./series";

/** Milliseconds an event may take beyond what it must: to the end of its step, and until that step is read (ADR 0023). */
const EVENT_LATENCY_ALLOWANCE_MS = 3000;

/** Milliseconds before its timeout by which a stream must have ended: the flush, and its answer. */
const LAST_MS_BEFORE_TIMEOUT = 1500;

function refusedStreams(environment: Environment): AlarmDefinition {
  return {
    id: "stream-refused",
    tiers: from("standard"),
    severity: "warning",
    signal: { kind: "metric", series: metricSeries(environment, "ConnectionAcquireFailures", "Sum") },
    condition: above(0, 60, 1),
    meaning: `Somebody was refused a stream: all ${STREAM.maxConnections} leases are taken, or leases cannot be read.`,
    firstStep: "Ask the status route how many connections are open; if few, look at the leases table.",
    runbook: "streaming",
    requirement: "FR-042",
  };
}

function slowStreams(environment: Environment): readonly AlarmDefinition[] {
  const mostEventLatency = STREAM.pollIntervalSeconds * 1000 + STREAM.settleMs + EVENT_LATENCY_ALLOWANCE_MS;
  return [
    {
      id: "stream-setup-slow",
      tiers: from("standard"),
      severity: "warning",
      signal: { kind: "metric", series: metricSeries(environment, "ConnectionSetupMs", "p99") },
      condition: above(5000, 300, 2),
      meaning: "Streams take more than 5 s to their first bytes.",
      firstStep: "Compare connection_acquire in a slow trace with is_cold_start on its stream span.",
      runbook: "streaming",
      requirement: "FR-128",
    },
    {
      id: "stream-events-late",
      tiers: from("standard"),
      severity: "warning",
      signal: { kind: "metric", series: metricSeries(environment, "EventLatencyMs", "p95") },
      condition: above(mostEventLatency, 300, 2),
      meaning: `Events reach browsers more than ${mostEventLatency / 1000} s after the change they tell of.`,
      firstStep: "See whether polls are slow too; if not, browsers do not take what is sent.",
      runbook: "streaming",
      requirement: "FR-042",
    },
    {
      id: "stream-polls-slow",
      tiers: ["full"],
      severity: "warning",
      signal: { kind: "metric", series: metricSeries(environment, "PollDurationMs", "p99") },
      condition: above(10_000, 300, 2),
      meaning: "Polls of the stream spend more than 10 s in DynamoDB.",
      firstStep: "Read item_count on the slowest dynamodb_poll spans, then the throttles of the index.",
      runbook: "streaming",
      requirement: "FR-042",
    },
  ];
}

function failingStreams(environment: Environment): readonly AlarmDefinition[] {
  return [
    {
      id: "stream-poll-failures",
      tiers: from("standard"),
      severity: "warning",
      signal: { kind: "metric", series: metricSeries(environment, "StreamPollFailures", "Sum") },
      condition: above(0, 300, 1),
      meaning: "Streams cannot read their data; after three failures in a row they end.",
      firstStep: "Read the exception on a faulty dynamodb_poll span.",
      runbook: "streaming",
      requirement: "FR-042",
    },
    {
      id: "stream-deadline-missed",
      tiers: from("standard"),
      severity: "critical",
      signal: { kind: "metric", series: lambdaSeries(environment, "sse", "Duration", "p99") },
      condition: above(SERVICES.sse.timeoutSeconds * 1000 - LAST_MS_BEFORE_TIMEOUT, 300, 2),
      meaning:
        "Streams run into their timeout instead of ending themselves; the last spans of each are lost.",
      firstStep: "Look for streams without a force_flush span, then for SSE_MAX_STREAM_MS on the function.",
      runbook: "streaming",
      requirement: "FR-041",
    },
    {
      id: "stream-server-errors",
      tiers: from("standard"),
      severity: "critical",
      signal: {
        kind: "math",
        expression: "IF(requests > 0, 100 * FILL(failed, 0) / requests, 0)",
        label: "5xx answers, % of requests",
        series: {
          failed: lambdaSeries(environment, "sse", "Url5xxCount", "Sum"),
          requests: lambdaSeries(environment, "sse", "UrlRequestCount", "Sum"),
        },
      },
      condition: above(1, 300, 2),
      meaning: "More than 1 % of requests to the stream's URL are answered with a server error.",
      firstStep: "Tell refusals (503, their own alarm) from crashes (502) in the function's log.",
      runbook: "streaming",
      requirement: "FR-138",
    },
  ];
}

/**
 * All that can keep a stream from somebody, in one alarm for the tier that cannot afford one each. A refusal counts
 * twice, as 503 and as refusal, and so does a crash before the first byte; a crash after it was answered with 200 and
 * counts once, among `Errors`. So it takes a failure in each of two periods in a row: one bad moment pages nobody.
 */
function streamFailures(environment: Environment): AlarmDefinition {
  return {
    id: "stream-failures",
    tiers: ["essential"],
    severity: "critical",
    signal: {
      kind: "math",
      expression: "FILL(answered, 0) + FILL(crashed, 0) + FILL(throttled, 0) + FILL(refused, 0)",
      label: "streams that failed, were throttled or refused",
      series: {
        answered: lambdaSeries(environment, "sse", "Url5xxCount", "Sum"),
        crashed: lambdaSeries(environment, "sse", "Errors", "Sum"),
        throttled: lambdaSeries(environment, "sse", "Throttles", "Sum"),
        refused: metricSeries(environment, "ConnectionAcquireFailures", "Sum"),
      },
    },
    condition: { ...above(2, 300, 2), comparison: "GreaterThanOrEqualToThreshold" },
    meaning: "People keep being denied the stream.",
    firstStep: "See on the board which of the four grew.",
    runbook: "streaming",
    requirement: "application §9.1",
  };
}

/** Filled with zeros only while there are streams: X-Ray may publish nothing for a group without traces (ADR 0019). */
function reconnections(environment: Environment): AlarmDefinition {
  return {
    id: "stream-reconnections",
    tiers: ["full"],
    severity: "warning",
    signal: {
      kind: "math",
      expression: "IF(streams > 0, FILL(again, 0), 0)",
      label: "traces of streams after a reconnection",
      series: {
        again: traceSeries(environment, "sse-reconn"),
        streams: traceSeries(environment, "sse"),
      },
    },
    condition: above(10, 60, 1),
    meaning: "More than ten streams a minute are reconnections: streams break instead of lasting.",
    firstStep: "Follow previous_trace_id to the stream before and see how it ended.",
    runbook: "streaming",
    requirement: "FR-141",
  };
}

/**
 * Alarms on the stream as its readers feel it. A stream writes its metrics when it starts, once a minute, and when it
 * ends, zeros included. So while anybody watches there are data, and while nobody does there are none: `missing` is then
 * the truth.
 */
export function streamingAlarms(environment: Environment): readonly AlarmDefinition[] {
  return [
    streamFailures(environment),
    refusedStreams(environment),
    ...failingStreams(environment),
    ...slowStreams(environment),
    reconnections(environment),
  ];
}
