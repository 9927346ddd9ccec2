import type { RuleCases } from "../rule-cases";

/** Rules on metrics of AWS. */
export const AWS_METRIC_CASES: RuleCases = {
  "aws-metric-exists": [
    {
      fixture: "fires-metrics",
      compliant: [
        "~charges",
        "~charges_in_europe",
        "~http_api_as_rest",
        "~http_api_errors",
        "~other_region",
        "~queue_by_arn",
        "~queue_by_name",
        "~queue_renamed",
        "~system_errors_per_operation",
        "~user_errors_by_table",
        "~user_errors_of_account",
        'module.function_url.~each["Url5xxCount"]',
      ],
      nonCompliant: [['module.function_url.~each["Url5xxError"]', "AWS/Lambda has no metric Url5xxError"]],
      undecided: ["~trace_group", "~unlisted_service"],
    },
    {
      fixture: "fires-unknown",
      compliant: ["~duration", "~queue_elsewhere", "~threshold"],
      nonCompliant: [],
      undecided: ["~metric_later"],
    },
  ],
  "aws-dimension-set": [
    {
      fixture: "fires-metrics",
      compliant: [
        "~charges",
        "~charges_in_europe",
        "~other_region",
        "~queue_by_name",
        "~queue_renamed",
        "~system_errors_per_operation",
        "~user_errors_of_account",
        'module.function_url.~each["Url5xxCount"]',
      ],
      nonCompliant: [["~user_errors_by_table", "it watches AWS/DynamoDB UserErrors {TableName=items}"]],
      undecided: ["~http_api_as_rest", "~http_api_errors", "~queue_by_arn"],
    },
    {
      fixture: "fires-unknown",
      compliant: ["~duration", "~queue_elsewhere"],
      nonCompliant: [],
      undecided: ["~threshold"],
    },
  ],
  "dimension-names-resource": [
    {
      fixture: "fires-metrics",
      compliant: [
        "~http_api_as_rest",
        "~http_api_errors",
        "~queue_by_name",
        "~system_errors_per_operation",
        "~user_errors_by_table",
        'module.function_url.~each["Url5xxCount"]',
        'module.function_url.~each["Url5xxError"]',
      ],
      nonCompliant: [
        ["~other_region", "it is made in us-east-1, and function web is in eu-west-1"],
        ["~queue_renamed", "QueueName=old-jobs, and no queue of this file has that name"],
      ],
      undecided: ["~queue_by_arn", "~trace_group"],
    },
    {
      fixture: "fires-unknown",
      compliant: ["~duration"],
      nonCompliant: [],
      undecided: ["~queue_elsewhere", "~threshold"],
    },
  ],
  "billing-region": [
    {
      fixture: "fires-metrics",
      compliant: ["~charges"],
      nonCompliant: [
        ["~charges_in_europe", "it is made in eu-west-1, and AWS/Billing exists in us-east-1 only"],
      ],
      undecided: [],
    },
  ],
};
