import { xrayQuotaRoom } from "../../policies/rules/tracing/xray-quota-room";
import { describeRules, inputOf } from "./rule-cases";

const fn = (name: string) => `aws_lambda_function.${name}`;
const DENIED = fn('silent["denied"]');
const SILENT = fn('silent["silent"]');
const fixture = "tracing-functions";

describeRules("tracing", {
  "function-tracing": [
    {
      fixture,
      compliant: [fn("traced"), fn("elsewhere"), DENIED, SILENT],
      nonCompliant: [[fn("untraced"), "tracing mode is PassThrough"]],
      undecided: [],
    },
  ],
  "role-writes-traces": [
    {
      fixture,
      compliant: [fn("traced")],
      nonCompliant: [
        [DENIED, "may not xray:PutTraceSegments and xray:PutTelemetryRecords"],
        [SILENT, "may not xray:PutTelemetryRecords"],
      ],
      undecided: [fn("elsewhere")],
    },
  ],
  "stage-tracing": [
    {
      fixture,
      compliant: ['aws_api_gateway_stage.stages["traced"]'],
      nonCompliant: [['aws_api_gateway_stage.stages["untraced"]', "xray_tracing_enabled is false"]],
      undecided: [],
    },
  ],
  "topic-raw-delivery": [
    {
      fixture,
      compliant: ["aws_sns_topic_subscription.wrapped"],
      nonCompliant: [["aws_sns_topic_subscription.raw", "raw_message_delivery is true"]],
      undecided: [],
    },
  ],
  "topic-tracing": [
    {
      fixture,
      compliant: ["aws_sns_topic.active"],
      nonCompliant: [["aws_sns_topic.plain", "tracing_config is absent"]],
      undecided: [],
    },
  ],
  "forbidden-variables": [
    {
      fixture,
      compliant: [fn("traced"), fn("elsewhere"), fn("untraced")],
      nonCompliant: [
        [DENIED, "AWS_XRAY_MANUAL_MODE"],
        [SILENT, "AWS_XRAY_MANUAL_MODE"],
      ],
      undecided: [],
    },
  ],
  "image-by-digest": [
    {
      fixture,
      compliant: [fn("traced")],
      nonCompliant: [
        [DENIED, "f:latest"],
        [SILENT, "f:latest"],
      ],
      undecided: [],
    },
  ],
  "image-without-layers": [
    {
      fixture,
      compliant: [fn("traced")],
      nonCompliant: [
        [DENIED, "package_type is Image, with 1 in layers"],
        [SILENT, "package_type is Image, with 1 in layers"],
      ],
      undecided: [],
    },
  ],
  "streaming-outside-vpc": [
    {
      fixture,
      compliant: ["aws_lambda_function_url.outside"],
      nonCompliant: [["aws_lambda_function_url.in_vpc", "is in a VPC"]],
      undecided: [],
    },
  ],
  "log-retention": [
    {
      fixture,
      compliant: ["aws_cloudwatch_log_group.kept"],
      nonCompliant: [["aws_cloudwatch_log_group.for_ever", "means for ever"]],
      undecided: [],
    },
  ],
  "xray-quota-room": [
    {
      fixture: "tracing-quota",
      compliant: ["groups in eu-west-1", "groups in eu-central-1"],
      nonCompliant: [["sampling rules in eu-west-1", "21 sampling rules"]],
      undecided: [],
    },
  ],
});

test("SMP-7 SC-122 twenty groups of 25 leave room, twenty-one sampling rules are a warning that says what to do", () => {
  expect(xrayQuotaRoom.severity).toBe("warning");
  const judgements = xrayQuotaRoom.judge(inputOf("tracing-quota"));
  expect(judgements.filter(({ outcome }) => outcome !== "compliant")).toEqual([
    {
      path: "sampling rules in eu-west-1",
      address: "sampling rules in eu-west-1",
      outcome: "non-compliant",
      found: "21 sampling rules",
      expected: "at most 20 of the 25 that X-Ray takes in an account and region",
      nextStep: expect.stringContaining("merge some by a wider filter"),
    },
  ]);
});
