import { forbiddenVariables } from "../../policies/rules/tracing/forbidden-variables";
import { fromSynthesized } from "../../policies/terraform/synthesized";

function judged(variables: Record<string, string>, more: Record<string, unknown> = {}): readonly string[] {
  const f = { function_name: "f", runtime: "nodejs22.x", environment: { variables }, ...more };
  const terraform = fromSynthesized({ resource: { aws_lambda_function: { f } } });
  return forbiddenVariables.judge({ terraform }).map((one) => one.outcome);
}

describe("forbidden and misleading variables", () => {
  test.each([
    ["R-18 a timeout meant as seconds", { OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "2" }],
    ["SSE-B5 a sampler that ignores the header", { OTEL_TRACES_SAMPLER: "always_on" }],
    ["no exporter", { OTEL_TRACES_EXPORTER: "none" }],
    ["SSE-B13 the kill switch left on", { OTEL_SDK_DISABLED: "true" }],
    ["Powertools switched off", { POWERTOOLS_TRACE_ENABLED: "false" }],
    ["a missing segment that kills the invocation", { AWS_XRAY_CONTEXT_MISSING: "RUNTIME_ERROR" }],
    ["a preloaded SDK", { NODE_OPTIONS: "--enable-source-maps --require /opt/wrapper.js" }],
    ["a wrapper without its layer", { AWS_LAMBDA_EXEC_WRAPPER: "/opt/otel-handler" }],
    ["propagators of a Node function", { OTEL_PROPAGATORS: "xray" }],
  ])("%s is refused", (_title, variables) => {
    expect(judged(variables as unknown as Record<string, string>)).toEqual(["non-compliant"]);
  });

  test.each([
    ["R-18 a timeout in milliseconds", { OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "2000" }, {}],
    ["SSE-B5 a parent-based sampler", { OTEL_TRACES_SAMPLER: "parentbased_always_on" }, {}],
    ["SSE-B13 the kill switch off", { OTEL_SDK_DISABLED: "false" }, {}],
    ["source maps", { NODE_OPTIONS: "--enable-source-maps" }, {}],
    [
      "a wrapper with its layer",
      { AWS_LAMBDA_EXEC_WRAPPER: "/opt/otel-handler" },
      { layers: ["arn:aws:lambda:eu-west-1:901920570463:layer:aws-otel-nodejs-amd64-ver-1-30-2:1"] },
    ],
    ["propagators of a Python function", { OTEL_PROPAGATORS: "xray" }, { runtime: "python3.13" }],
    ["a value known after apply", { OTEL_TRACES_SAMPLER: "${var.sampler}" }, {}],
  ])("%s is not", (_title, variables, more) => {
    expect(judged(variables as unknown as Record<string, string>, more)).toEqual(["compliant"]);
  });
});
