import type { RuleCases } from "../rule-cases";

/** Rules on functions, thresholds, metric math and composites. */
export const FUNCTION_CASES: RuleCases = {
  "function-invoked": [
    {
      fixture: "fires-unknown",
      compliant: [],
      nonCompliant: [],
      undecided: ["~duration"],
    },
    {
      fixture: "fires-functions",
      compliant: [
        '~compared["always-positive"]',
        '~math["share-above-all"]',
        '~math["share-as-fraction"]',
        '~math["share-in-percent"]',
        '~math["share-of-unknown-id"]',
        '~single["concurrency-reachable"]',
        '~single["concurrency-reserved"]',
        '~single["duration-past-timeout"]',
        '~single["duration-reachable"]',
        '~single["errors-averaged"]',
        '~single["errors-of-web"]',
        '~single["errors-reachable"]',
        '~single["errors-too-many"]',
      ],
      nonCompliant: [
        [
          '~single["throttles-of-orphan"]',
          "no schedule, subscription, event source, URL, gateway or permission",
        ],
        ['~single["throttles-of-paused"]', "aws_cloudwatch_event_rule.paused"],
      ],
      undecided: [],
    },
    {
      fixture: "fires-functions",
      knowledge: true,
      compliant: [
        '~compared["always-positive"]',
        '~math["share-above-all"]',
        '~math["share-as-fraction"]',
        '~math["share-in-percent"]',
        '~math["share-of-unknown-id"]',
        '~single["concurrency-reachable"]',
        '~single["concurrency-reserved"]',
        '~single["duration-past-timeout"]',
        '~single["duration-reachable"]',
        '~single["errors-averaged"]',
        '~single["errors-of-web"]',
        '~single["errors-reachable"]',
        '~single["errors-too-many"]',
        '~single["throttles-of-orphan"]',
      ],
      nonCompliant: [['~single["throttles-of-paused"]', "nothing invokes paused, says its owner"]],
      undecided: [],
    },
  ],
  "errors-reach-lambda": [
    {
      fixture: "fires-functions",
      compliant: [],
      nonCompliant: [],
      undecided: [
        '~math["share-above-all"]',
        '~math["share-as-fraction"]',
        '~math["share-in-percent"]',
        '~math["share-of-unknown-id"]',
        '~single["errors-averaged"]',
        '~single["errors-of-web"]',
        '~single["errors-reachable"]',
        '~single["errors-too-many"]',
      ],
    },
    {
      fixture: "fires-functions",
      knowledge: true,
      compliant: [
        '~math["share-above-all"]',
        '~math["share-as-fraction"]',
        '~math["share-in-percent"]',
        '~math["share-of-unknown-id"]',
        '~single["errors-averaged"]',
        '~single["errors-of-web"]',
      ],
      nonCompliant: [
        ['~single["errors-reachable"]', "its Errors count crashes and timeouts only"],
        ['~single["errors-too-many"]', "its Errors count crashes and timeouts only"],
      ],
      undecided: [],
    },
  ],
  "dead-letters-arrive": [
    {
      fixture: "fires-functions",
      compliant: [],
      nonCompliant: [],
      undecided: ['~failed["hourly"]', '~failed["web"]'],
    },
    {
      fixture: "fires-functions",
      knowledge: true,
      compliant: ['~failed["web"]'],
      nonCompliant: [['~failed["hourly"]', "only crashes and timeouts put messages there"]],
      undecided: [],
    },
  ],
  "threshold-reachable": [
    {
      fixture: "fires-unknown",
      compliant: [],
      nonCompliant: [],
      undecided: ["~duration"],
    },
    {
      fixture: "fires-functions",
      compliant: [
        '~math["share-in-percent"]',
        '~memory["web"]',
        '~single["concurrency-reachable"]',
        '~single["duration-reachable"]',
        '~single["errors-reachable"]',
      ],
      nonCompliant: [
        ['~compared["always-below"]', "Maximum of Duration is at most 60000"],
        ['~math["share-above-all"]', "the share of Errors is at most 100"],
        ['~math["share-as-fraction"]', "the share of Errors is at most 1"],
        ['~memory["hourly"]', "Maximum of MaxMemoryUsed is at most 128"],
        ['~single["concurrency-reserved"]', "Maximum of ConcurrentExecutions is at most 5"],
        ['~single["duration-past-timeout"]', "Maximum of Duration is at most 30000"],
        ['~single["errors-averaged"]', "Average of Errors is at most 1"],
        ['~single["errors-too-many"]', "Sum of Errors is at most 2"],
      ],
      undecided: [],
    },
  ],
  "comparison-decides": [
    {
      fixture: "fires-unknown",
      compliant: ["~duration", "~from_log", "~queue_elsewhere"],
      nonCompliant: [],
      undecided: ["~heartbeat", "~threshold"],
    },
    {
      fixture: "fires-functions",
      compliant: [
        '~compared["always-below"]',
        '~compared["silence-heard"]',
        '~failed["hourly"]',
        '~failed["web"]',
        '~single["concurrency-reachable"]',
        '~single["concurrency-reserved"]',
        '~single["duration-past-timeout"]',
        '~single["duration-reachable"]',
        '~single["errors-averaged"]',
        '~single["errors-of-web"]',
        '~single["errors-reachable"]',
        '~single["errors-too-many"]',
        '~single["throttles-of-orphan"]',
        '~single["throttles-of-paused"]',
      ],
      nonCompliant: [
        [
          '~compared["always-positive"]',
          "Throttles is never negative, so GreaterThanOrEqualToThreshold 0 holds for every datapoint",
        ],
        ['~compared["never-negative"]', "Sum of Throttles is at least 0"],
        ['~compared["samples-unheard"]', "SampleCount of Duration is at least 1"],
        ['~compared["silence-unheard"]', "Sum of Invocations is at least 1"],
      ],
      undecided: [],
    },
  ],
  "math-ids-known": [
    {
      fixture: "fires-functions",
      compliant: ['~math["share-above-all"]', '~math["share-as-fraction"]', '~math["share-in-percent"]'],
      nonCompliant: [
        [
          '~math["share-of-unknown-id"]',
          "the expression share uses invocations, which no metric_query defines",
        ],
      ],
      undecided: [],
    },
  ],
  "composite-children-exist": [
    {
      fixture: "fires-unknown",
      compliant: [],
      nonCompliant: [],
      undecided: ["aws_cloudwatch_composite_alarm.elsewhere"],
    },
    {
      fixture: "fires-functions",
      compliant: ["aws_cloudwatch_composite_alarm.half_mute", "aws_cloudwatch_composite_alarm.sound"],
      nonCompliant: [
        [
          'aws_cloudwatch_composite_alarm.circle["one"]',
          'aws_cloudwatch_composite_alarm.circle["one"] → aws_cloudwatch_composite_alarm.circle["two"] → aws_cloudwatch_composite_alarm.circle["one"]',
        ],
        [
          'aws_cloudwatch_composite_alarm.circle["two"]',
          'aws_cloudwatch_composite_alarm.circle["two"] → aws_cloudwatch_composite_alarm.circle["one"] → aws_cloudwatch_composite_alarm.circle["two"]',
        ],
        [
          "aws_cloudwatch_composite_alarm.misspelt",
          "its rule names Errors-of-web, which this file does not manage",
        ],
      ],
      undecided: [],
    },
  ],
  "composite-children-fire": [
    {
      fixture: "fires-functions",
      compliant: ["aws_cloudwatch_composite_alarm.misspelt", "aws_cloudwatch_composite_alarm.sound"],
      nonCompliant: [
        ['aws_cloudwatch_composite_alarm.circle["one"]', 'aws_cloudwatch_composite_alarm.circle["two"]'],
        ['aws_cloudwatch_composite_alarm.circle["two"]', 'aws_cloudwatch_composite_alarm.circle["one"]'],
        ["aws_cloudwatch_composite_alarm.half_mute", 'aws_cloudwatch_metric_alarm.single["errors-too-many"]'],
      ],
      undecided: [],
    },
  ],
};
