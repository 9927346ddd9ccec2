import { type AwsNamespace, metricsWith } from "./table";

const RULE = [
  ["Region", "Rule", "WebACL"],
  ["Rule", "WebACL"],
  ["Region", "RuleGroup", "WebACL"],
  ["RuleGroup", "WebACL"],
  ["Region", "Rule", "RuleGroup"],
  ["Rule", "RuleGroup"],
] as const;

/** `AWS/WAFV2`: the core metrics; those of labels, bots and CAPTCHA have more dimensions and are not listed. */
export const WAF: AwsNamespace = {
  namespace: "AWS/WAFV2",
  checked: "2026-11-21",
  source: "https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html",
  toBeVerified: true,
  metrics: metricsWith(RULE, [
    "AllowedRequests",
    "BlockedRequests",
    "CountedRequests",
    "CaptchaRequests",
    "ChallengeRequests",
    "PassedRequests",
  ]),
};
