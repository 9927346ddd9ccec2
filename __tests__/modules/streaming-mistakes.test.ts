import { Testing } from "cdktf";
import { StreamingFunction, type StreamingFunctionProps } from "../../modules/streaming-function";
import { XrayAccess } from "../../modules/xray-access";
import { violations } from "../../policies/rules/registry";
import { isObject, type JsonObject } from "../../policies/terraform/model";
import { fromSynthesized } from "../../policies/terraform/synthesized";
import { expectations, synthesize } from "../support/synthesized";
import { ownStack } from "./own-stack";
import { object } from "./parts";

type Open = Record<string, unknown>;

/** What the guard-rails say of dev once its streaming function was changed. */
function refusals(change: (fn: Open, variables: Record<string, string>) => void): readonly string[] {
  const json = synthesize("dev");
  const functions = object(object(json["resource"])["aws_lambda_function"]);
  const fn = Object.values(functions).find(
    (one): one is JsonObject => isObject(one) && one["function_name"] === "dev-sentiment-sse",
  );
  if (fn === undefined) throw new Error("no streaming function");
  change(fn as Open, object(object(fn["environment"])["variables"]) as Record<string, string>);
  return violations({ terraform: fromSynthesized(json), ...expectations("dev", "essential") });
}

const DIGEST = `sha256:${"0".repeat(64)}`;

describe("C7 C9 mistakes people made with the stream, put back into the finished Terraform", () => {
  test("untouched, nothing is refused", () => {
    expect(refusals(() => undefined)).toEqual([]);
  });

  test.each<[string, string, (fn: Open, variables: Record<string, string>) => void]>([
    [
      "SSE-A2 layers on an image",
      "image-without-layers",
      (fn) => (fn["layers"] = ["arn:aws:lambda:eu-west-1:1:layer:a:1"]),
    ],
    [
      "SSE-A2 a tag instead of a digest",
      "image-by-digest",
      (fn) => (fn["image_uri"] = "1.dkr.ecr.eu-west-1.amazonaws.com/sse:latest"),
    ],
    [
      "SSE-A2 a digest that is too short",
      "image-by-digest",
      (fn) => (fn["image_uri"] = `repo@${DIGEST.slice(0, -1)}`),
    ],
    [
      "SSE-A6 a VPC",
      "streaming-outside-vpc",
      (fn) => (fn["vpc_config"] = { subnet_ids: ["subnet-1"], security_group_ids: ["sg-1"] }),
    ],
    [
      "SSE-C3 PassThrough instead of Active",
      "function-tracing",
      (fn) => (fn["tracing_config"] = { mode: "PassThrough" }),
    ],
    [
      "SSE-B4 OTEL_PROPAGATORS",
      "forbidden-variables",
      (_, variables) => (variables["OTEL_PROPAGATORS"] = "xray"),
    ],
    [
      "SSE-A1 AWS_LAMBDA_EXEC_WRAPPER",
      "forbidden-variables",
      (_, variables) => (variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/otel-handler"),
    ],
    [
      "SSE-A1 a preload by NODE_OPTIONS",
      "forbidden-variables",
      (_, variables) => (variables["NODE_OPTIONS"] = "--require /opt/wrapper.js"),
    ],
    [
      "SSE-B7 a timeout in seconds",
      "forbidden-variables",
      (_, variables) => (variables["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"] = "2"),
    ],
    [
      "SSE-B5 a sampler that ignores the header",
      "forbidden-variables",
      (_, variables) => (variables["OTEL_TRACES_SAMPLER"] = "always_on"),
    ],
    ["SSE-B13 no kill switch", "function-variables", (_, variables) => delete variables["OTEL_SDK_DISABLED"]],
    [
      "SSE-B3 another collector",
      "function-variables",
      (_, variables) => (variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317"),
    ],
    ["IAM-5 code before its permissions", "function-attachments-first", (fn) => (fn["depends_on"] = [])],
  ])("%s is refused by %s", (_title, rule, change) => {
    const found = refusals(change);
    expect(
      found.filter(
        (one) =>
          one.startsWith(`${rule}: dev/functions/sse`) || one.startsWith(`${rule}: dev/functions/sse/url`),
      ),
    ).not.toEqual([]);
    expect(found.filter((one) => !one.includes("dev/functions/sse"))).toEqual([]);
  });
});

describe("StreamingFunction refuses props no default can repair", () => {
  function made(change: Partial<StreamingFunctionProps>): () => StreamingFunction {
    const stack = ownStack();
    return () =>
      new StreamingFunction(stack, "stream", {
        functionName: "mine",
        serviceName: "my-stream",
        description: "Streams my work.",
        imageUri: `1.dkr.ecr.eu-west-1.amazonaws.com/mine@${DIGEST}`,
        corsOrigins: ["https://example.com"],
        timeoutSeconds: 60,
        memoryMb: 1024,
        reservedConcurrency: 5,
        variables: {},
        grants: { tables: [], topicArns: [], secretArns: [], keyArns: [], metricNamespaces: [] },
        xrayAccess: new XrayAccess(stack, "xray", { policyName: "mine-xray" }),
        logRetentionDays: 7,
        deploymentVersion: "abc",
        ...change,
      });
  }

  test("sound props make a function and its URL, in a stack of one's own", () => {
    const fn = made({})();
    expect(fn.functionName).toBe("mine");
    expect(Testing.synth(fn.node.scope as never)).toContain("RESPONSE_STREAM");
  });

  test.each<[Partial<StreamingFunctionProps>, RegExp]>([
    [
      { imageUri: "mine:latest" },
      /mine\/stream: found imageUri = "mine:latest"; expected REPOSITORY@sha256:/,
    ],
    [{ corsOrigins: ["*"] }, /found corsOrigins = "\*"; expected https:\/\/HOST/],
    [{ corsOrigins: ["https://example.com/"] }, /corsOrigins/],
    [{ corsOrigins: ["http://example.com"] }, /corsOrigins/],
    [{ corsOrigins: ["https://*.example.com"] }, /corsOrigins/],
    [{ timeoutSeconds: 901 }, /timeoutSeconds = 901.+from 1 to 900/],
    [{ functionName: "has space" }, /functionName/],
    [{ reservedConcurrency: -1 }, /reservedConcurrency/],
  ])("%j", (change, words) => {
    expect(made(change)).toThrow(words);
  });
});
