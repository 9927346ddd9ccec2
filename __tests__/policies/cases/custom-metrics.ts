import type { RuleCases } from "../rule-cases";

/** Rules on custom metrics and log filters. */
export const CUSTOM_METRIC_CASES: RuleCases = {
  "namespace-writable": [
    {
      fixture: "fires-unknown",
      compliant: ["~from_log"],
      nonCompliant: [],
      undecided: ["~custom", "~heartbeat"],
    },
    {
      fixture: "fires-custom",
      compliant: [
        '~custom["by-nobody-running"]',
        '~custom["by-pattern"]',
        '~custom["embedded"]',
        '~custom["never-emitted"]',
        '~custom["permitted"]',
        '~custom["without-dimensions"]',
        '~logged["by-code"]',
        '~logged["by-code-without"]',
        '~logged["fields"]',
        '~logged["matching"]',
        '~logged["matching-with"]',
        '~logged["unmatched"]',
        '~logged["words"]',
      ],
      nonCompliant: [
        ['~custom["child-namespace"]', "no role may write to Shop/Payments"],
        ['~custom["other-case"]', "no role may write to shop"],
        ['~logged["misread-other-case"]', "no role may write to Shop/Logs"],
      ],
      undecided: [],
    },
    {
      fixture: "fires-custom",
      knowledge: true,
      compliant: [
        '~custom["by-pattern"]',
        '~custom["embedded"]',
        '~custom["never-emitted"]',
        '~custom["permitted"]',
        '~custom["without-dimensions"]',
        '~logged["by-code"]',
        '~logged["by-code-without"]',
        '~logged["fields"]',
        '~logged["matching"]',
        '~logged["matching-with"]',
        '~logged["unmatched"]',
        '~logged["words"]',
      ],
      nonCompliant: [
        ['~custom["child-namespace"]', "no role may write to Shop/Payments"],
        ['~custom["other-case"]', "no role may write to shop"],
        ['~logged["misread-other-case"]', "no role may write to Shop/Logs"],
      ],
      undecided: ['~custom["by-nobody-running"]'],
    },
  ],
  "custom-metric-emitted": [
    {
      fixture: "fires-unknown",
      compliant: [],
      nonCompliant: [],
      undecided: ["~custom", "~heartbeat"],
    },
    {
      fixture: "fires-custom",
      compliant: [],
      nonCompliant: [],
      undecided: [
        '~custom["by-nobody-running"]',
        '~custom["by-pattern"]',
        '~custom["embedded"]',
        '~custom["never-emitted"]',
        '~custom["permitted"]',
        '~custom["without-dimensions"]',
      ],
    },
    {
      fixture: "fires-custom",
      knowledge: true,
      compliant: [
        '~custom["by-pattern"]',
        '~custom["child-namespace"]',
        '~custom["embedded"]',
        '~custom["permitted"]',
      ],
      nonCompliant: [
        [
          '~custom["by-nobody-running"]',
          "Shop/Orders Stale {} is emitted by retired only, which nothing invokes",
        ],
        ['~custom["never-emitted"]', "nothing emits Shop Reviews {}"],
        ['~custom["other-case"]', "nothing emits shop Orders {Stage=prod}"],
        ['~custom["without-dimensions"]', "it watches Shop Orders {}"],
        ['~logged["misread-other-case"]', "nothing emits Shop/Logs misread {}"],
      ],
      undecided: [],
    },
  ],
  "filter-pattern-valid": [
    {
      fixture: "fires-unknown",
      compliant: [],
      nonCompliant: [],
      undecided: ["aws_cloudwatch_log_metric_filter.later"],
    },
    {
      fixture: "fires-custom",
      compliant: [
        "aws_cloudwatch_log_metric_filter.by_code",
        'aws_cloudwatch_log_metric_filter.shop["fields"]',
        'aws_cloudwatch_log_metric_filter.shop["matching"]',
        'aws_cloudwatch_log_metric_filter.shop["misread"]',
        'aws_cloudwatch_log_metric_filter.shop["unmatched"]',
        'aws_cloudwatch_log_metric_filter.shop["words"]',
      ],
      nonCompliant: [
        ['aws_cloudwatch_log_metric_filter.shop["double"]', 'it cannot be read from "== "ERROR"" on'],
        ['aws_cloudwatch_log_metric_filter.shop["open"]', "the brace is not closed"],
      ],
      undecided: [],
    },
  ],
  "filter-dimensions": [
    {
      fixture: "fires-custom",
      compliant: [
        '~logged["by-code"]',
        '~logged["fields"]',
        '~logged["matching"]',
        '~logged["unmatched"]',
        '~logged["words"]',
      ],
      nonCompliant: [
        [
          '~logged["by-code-without"]',
          "it watches Shop/Logs ByCode {}, and the log filter writes ByCode with Code",
        ],
        [
          '~logged["matching-with"]',
          "it watches Shop/Logs Matching {FunctionName=shop}, and the log filter writes Matching with no dimension",
        ],
      ],
      undecided: [],
    },
  ],
  "filter-matches-logs": [
    {
      fixture: "fires-unknown",
      compliant: [],
      nonCompliant: [],
      undecided: ["~from_log"],
    },
    {
      fixture: "fires-custom",
      compliant: [],
      nonCompliant: [],
      undecided: [
        '~logged["by-code"]',
        '~logged["by-code-without"]',
        '~logged["fields"]',
        '~logged["matching"]',
        '~logged["matching-with"]',
        '~logged["unmatched"]',
        '~logged["words"]',
      ],
    },
    {
      fixture: "fires-custom",
      knowledge: true,
      compliant: [
        '~logged["by-code"]',
        '~logged["by-code-without"]',
        '~logged["matching"]',
        '~logged["matching-with"]',
        '~logged["words"]',
      ],
      nonCompliant: [
        [
          '~logged["unmatched"]',
          'aws_cloudwatch_log_metric_filter.shop["unmatched"] looks for "Unable to import module", and none of the 2 known lines in that log group matches',
        ],
      ],
      undecided: ['~logged["fields"]'],
    },
  ],
  "filter-metric-watched": [
    {
      fixture: "fires-custom",
      compliant: [
        "aws_cloudwatch_log_metric_filter.by_code",
        'aws_cloudwatch_log_metric_filter.shop["fields"]',
        'aws_cloudwatch_log_metric_filter.shop["matching"]',
        'aws_cloudwatch_log_metric_filter.shop["unmatched"]',
        'aws_cloudwatch_log_metric_filter.shop["words"]',
      ],
      nonCompliant: [
        [
          'aws_cloudwatch_log_metric_filter.shop["misread"]',
          "it writes Shop/Logs Misread, which nothing reads",
        ],
      ],
      undecided: [],
    },
  ],
};
