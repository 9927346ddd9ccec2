import { readFileSync } from "node:fs";
import { join } from "node:path";
import { STREAM_FIXED_VARIABLES } from "../../contract/environment-variables";
import { HEADERS } from "../../contract/headers";
import { STREAM, tokenAudience } from "../../contract/streaming";
import { ofType } from "../../policies/terraform/model";
import { synthesize } from "../support/synthesized";
import { every, functionOf, grantsOf, named, object, only, ref, STACKS, variablesOf } from "./parts";

describe.each(STACKS)("the stream in %s", (environment, terraform) => {
  const fn = functionOf(terraform, environment, "sse");
  const others = every(terraform, "aws_lambda_function").filter((one) => one !== fn);
  const variables = variablesOf(fn);
  const url = only(every(terraform, "aws_lambda_function_url"));
  const cors = object(url.values["cors"]);

  test("SSE-A2 it is an image, named by a variable that accepts digests alone", () => {
    expect(fn.values).toMatchObject({ package_type: "Image", image_uri: "${var.sse_image_uri}" });
    for (const key of ["layers", "runtime", "handler", "filename", "source_code_hash"])
      expect(fn.values).not.toHaveProperty(key);
    const declared = object(synthesize(environment)["variable"])["sse_image_uri"];
    expect(declared).not.toHaveProperty("default");
    const { condition } = only(object(declared)["validation"] as { condition: string }[]);
    const [, pattern = ""] = /regex\("([^"]+)"/.exec(condition) ?? [];
    const digest = `1.dkr.ecr.eu-west-1.amazonaws.com/sse@sha256:${"a1".repeat(32)}`;
    expect(
      [digest, digest.slice(0, -1), digest.toUpperCase(), "sse:latest", `x ${digest}`].map((one) =>
        new RegExp(pattern).test(one),
      ),
    ).toEqual([true, false, false, false, false]);
  });

  test("SSE-A5 SSE-A6 it has 1024 MB, Lambda's longest timeout, bounded concurrency and no VPC", () => {
    expect(fn.values).toMatchObject({
      memory_size: 1024,
      timeout: 900,
      reserved_concurrent_executions: 25,
      architectures: ["arm64"],
    });
    expect(fn.values).not.toHaveProperty("vpc_config");
    expect(fn.values).not.toHaveProperty("dead_letter_config");
  });

  test("SSE-A6 SSE-G1 its URL streams, and anybody may call it: the handler asks for tokens", () => {
    expect(url.values).toMatchObject({
      function_name: ref(fn, "function_name"),
      invoke_mode: "RESPONSE_STREAM",
      authorization_type: "NONE",
    });
    expect(object(object(synthesize(environment)["output"])["stream_url"])["value"]).toBe(
      `\${${url.address}.function_url}`,
    );
    expect(ofType(terraform, "aws_lambda_permission").map((one) => one.values["principal"])).not.toContain(
      "*",
    );
  });

  test("SSE-A8 no other function is an image, has layers or knows a collector", () => {
    for (const other of others) {
      expect(other.values).not.toHaveProperty("package_type");
      expect(other.values).not.toHaveProperty("layers");
      expect(Object.keys(variablesOf(other)).filter((name) => /^(OTEL|OPENTELEMETRY)_/.test(name))).toEqual(
        [],
      );
    }
  });

  test("DOC-2 SSE-C3 Active tracing, without which the trace header says Sampled=0 for ever", () => {
    expect(fn.values["tracing_config"]).toEqual({ mode: "Active" });
  });

  test("SSE-B3 SSE-B7 SSE-B13 OpenTelemetry is on, and sends to the collector beside it within two seconds", () => {
    expect(variables).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318",
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "2000",
      OTEL_SDK_DISABLED: "false",
      OTEL_SERVICE_NAME: "sentiment-analyzer-sse",
      POWERTOOLS_SERVICE_NAME: "sentiment-analyzer-sse",
    });
  });

  test("C7 SSE-A1 SSE-B4 its variables are exactly these: no propagators, no wrapper, no preload, no sampler", () => {
    const { URI, FILE } = {
      URI: variables["OPENTELEMETRY_COLLECTOR_CONFIG_URI"],
      FILE: variables["OPENTELEMETRY_COLLECTOR_CONFIG_FILE"],
    };
    expect([URI, FILE]).toEqual(["/opt/collector-config/config.yaml", "/opt/collector-config/config.yaml"]);
    const secret = named(
      terraform,
      "aws_secretsmanager_secret",
      "name",
      `${environment}/sentiment-analyzer/access-tokens`,
    );
    expect(variables).toEqual({
      ...STREAM_FIXED_VARIABLES,
      OTEL_SERVICE_NAME: "sentiment-analyzer-sse",
      POWERTOOLS_SERVICE_NAME: "sentiment-analyzer-sse",
      DEPLOYMENT_VERSION: "${var.deployment_version}",
      ENVIRONMENT: environment,
      DATABASE_TABLE: `${environment}-sentiment-items`,
      USERS_TABLE: `${environment}-sentiment-users`,
      TIMESERIES_TABLE: `${environment}-sentiment-timeseries`,
      LEASES_TABLE: `${environment}-sentiment-leases`,
      TOKEN_SECRET_ARN: ref(secret, "arn"),
      TOKEN_AUDIENCE: tokenAudience(environment),
      SSE_POLL_INTERVAL: "5",
      SSE_HEARTBEAT_INTERVAL: "30",
      SSE_MAX_CONNECTIONS: "20",
      SSE_MAX_STREAM_MS: String(STREAM.maxStreamMs),
      SSE_RETRY_MS: "3000",
    });
    const forbidden = /^(OTEL_PROPAGATORS|OTEL_TRACES_SAMPLER|AWS_LAMBDA_EXEC_WRAPPER|NODE_OPTIONS)$/;
    expect(Object.keys(variables).filter((name) => forbidden.test(name))).toEqual([]);
  });

  test("C7 SSE-A1 the image has the collector's configuration where these variables say", () => {
    const dockerfile = readFileSync(join(__dirname, "..", "..", "containers", "sse", "Dockerfile"), "utf8");
    const at = String(variables["OPENTELEMETRY_COLLECTOR_CONFIG_URI"]);
    expect(dockerfile).toContain(`COPY --from=collector --chown=0:0 ${at} ${at}\n`);
  });

  test("FE-1 FE-2 browsers may send the stream's headers and read its own, and remember that for two hours", () => {
    expect([...(cors["allow_headers"] as string[])].sort()).toEqual(
      [
        HEADERS.traceId,
        HEADERS.lastEventId,
        HEADERS.sessionId,
        HEADERS.previousTrace,
        HEADERS.connectionSequence,
        "accept",
        "authorization",
        "cache-control",
        "content-type",
      ].sort(),
    );
    expect([...(cors["expose_headers"] as string[])].sort()).toEqual([
      "retry-after",
      "x-amzn-trace-id",
      "x-sse-resume-supported",
    ]);
    expect(cors).toMatchObject({ allow_methods: ["GET"], max_age: 7200, allow_credentials: false });
  });

  test("FE-1 no origin is a wildcard; a browser on one's own machine reads dev alone", () => {
    expect(cors["allow_origins"]).toEqual(environment === "dev" ? ["http://localhost:3000"] : []);
  });

  test("FE-6 no distribution stands in front and rewrites the trace header", () => {
    expect(terraform.resources.filter(({ type }) => type.startsWith("aws_cloudfront_"))).toEqual([]);
  });

  test("D23 IAM-1 its role may do what the stream does to each table, and no more", () => {
    const table = (name: string) =>
      ref(named(terraform, "aws_dynamodb_table", "name", `${environment}-sentiment-${name}`), "arn");
    const onTables = grantsOf(terraform, fn).filter((one) =>
      one.Action.some((a) => a.startsWith("dynamodb:")),
    );
    expect(onTables.map(({ Action, Resource }) => [Resource, [...Action].sort()])).toEqual([
      [[`${table("items")}/index/by_sentiment`], ["dynamodb:Query"]],
      [table("users"), ["dynamodb:GetItem"]],
      [table("timeseries"), ["dynamodb:BatchGetItem"]],
      [table("leases"), ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:Query"]],
    ]);
    const secrets = grantsOf(terraform, fn).filter((one) =>
      one.Action.includes("secretsmanager:GetSecretValue"),
    );
    expect(only(secrets).Resource).toEqual([variables["TOKEN_SECRET_ARN"]]);
  });
});
