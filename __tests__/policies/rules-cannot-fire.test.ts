import { AWS_METRIC_CASES } from "./cases/aws-metrics";
import { CUSTOM_METRIC_CASES } from "./cases/custom-metrics";
import { FUNCTION_CASES } from "./cases/functions";
import { describeRules } from "./rule-cases";

describeRules("cannot-fire", { ...AWS_METRIC_CASES, ...CUSTOM_METRIC_CASES, ...FUNCTION_CASES });
