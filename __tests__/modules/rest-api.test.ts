import { API, API_CORS, apiName } from "../../contract/api";
import { HEADERS } from "../../contract/headers";
import { every, functionOf, named, object, only, ref, STACKS } from "./parts";

describe.each(STACKS)("the API of %s", (environment, terraform) => {
  const api = only(every(terraform, "aws_api_gateway_rest_api"));
  const stage = only(every(terraform, "aws_api_gateway_stage"));

  test("FE-6 it is regional: no edge stands in front of it and rewrites the trace header", () => {
    expect(api.values).toMatchObject({
      name: apiName(environment),
      endpoint_configuration: { types: ["REGIONAL"] },
    });
    expect(terraform.resources.filter(({ type }) => type.startsWith("aws_cloudfront"))).toEqual([]);
  });

  test("DOC-2 D36 X-Ray is on at the stage, so the trace starts in the gateway, which asks the rule of its own name", () => {
    expect(stage.values).toMatchObject({ stage_name: API.stage, xray_tracing_enabled: true });
    if (environment !== "prod") return;
    const rule = named(terraform, "aws_xray_sampling_rule", "rule_name", "prod-sentiment-api");
    expect(rule.values["service_name"]).toBe(
      `${String(api.values["name"])}/${String(stage.values["stage_name"])}`,
    );
  });

  test("FE-4 there is no proxy: every path and method goes to the function, none to another server", () => {
    const fn = functionOf(terraform, environment, "dashboard");
    const integrations = every(terraform, "aws_api_gateway_integration");
    const methods = every(terraform, "aws_api_gateway_method");
    expect(integrations).toHaveLength(2);
    for (const one of integrations) {
      expect(one.values).toMatchObject({
        type: "AWS_PROXY",
        integration_http_method: "POST",
        uri: ref(fn, "invoke_arn"),
      });
      // The gateway gives up before the function does, never the other way round.
      expect(one.values["timeout_milliseconds"]).toBeLessThan(Number(fn.values["timeout"]) * 1000);
    }
    expect(methods.map(({ values }) => values["http_method"])).toEqual(["ANY", "ANY"]);
    const resource = only(every(terraform, "aws_api_gateway_resource"));
    expect(resource.values["path_part"]).toBe("{proxy+}");
    expect(methods.map(({ values }) => values["resource_id"])).toEqual([
      ref(api, "root_resource_id"),
      ref(resource, "id"),
    ]);
    const permission = named(terraform, "aws_lambda_permission", "principal", "apigateway.amazonaws.com");
    expect(permission.values).toMatchObject({
      function_name: ref(fn, "arn"),
      source_arn: `${ref(api, "execution_arn")}/${API.stage}/*`,
    });
  });

  test("the access log is JSON, joins the trace, and holds neither caller nor query", () => {
    const settings = object(stage.values["access_log_settings"]);
    const log = named(
      terraform,
      "aws_cloudwatch_log_group",
      "name",
      `/aws/apigateway/${apiName(environment)}`,
    );
    expect(settings["destination_arn"]).toBe(ref(log, "arn"));
    expect(log.values["retention_in_days"]).toBe(environment === "prod" ? 90 : 30);
    const line = JSON.parse(String(settings["format"])) as Record<string, string>;
    expect(line).toMatchObject({ xrayTraceId: "$context.xrayTraceId", status: "$context.status" });
    for (const value of Object.values(line)) {
      expect(value).toMatch(/^\$context\.[\w.]+$/);
      expect(value).not.toMatch(/identity|authorizer|querystring|header/i);
    }
  });

  test("it is throttled, and free metrics are all it has", () => {
    const settings = object(only(every(terraform, "aws_api_gateway_method_settings")).values["settings"]);
    expect(settings).toEqual({
      throttling_rate_limit: API.throttle.ratePerSecond,
      throttling_burst_limit: API.throttle.burst,
      metrics_enabled: false,
      logging_level: "OFF",
      data_trace_enabled: false,
    });
  });

  test("FE-1 FE-2 D30 scripts can read errors the gateway makes itself, and the trace in them", () => {
    const answers = every(terraform, "aws_api_gateway_gateway_response");
    expect(answers.map(({ values }) => values["response_type"])).toEqual(["DEFAULT_4XX", "DEFAULT_5XX"]);
    for (const { values } of answers) {
      const headers = object(values["response_parameters"]);
      const list = (name: string) =>
        String(headers[`gatewayresponse.header.Access-Control-${name}`]).replace(/^'|'$/g, "");
      expect(list("Allow-Origin")).toBe("*");
      expect(list("Expose-Headers").split(",")).toEqual(API_CORS.responseHeaders);
      expect(list("Expose-Headers")).toContain(HEADERS.traceId);
      expect(list("Allow-Headers").split(",")).toEqual(API_CORS.requestHeaders);
      expect(list("Max-Age")).toBe("7200");
      const body = String(object(values["response_templates"])["application/json"]);
      const filled = body
        .replace("$context.error.messageString", '"Too Many Requests"')
        .replace("$context.xrayTraceId", "1-0-0");
      expect(JSON.parse(filled)).toEqual({
        type: "about:blank",
        title: "Too Many Requests",
        trace_id: "1-0-0",
      });
    }
  });

  test("a change of its parts is deployed, and the stage waits for logging and permission", () => {
    const deployment = only(every(terraform, "aws_api_gateway_deployment"));
    expect(object(deployment.values["triggers"])["parts"]).toMatch(/^[0-9a-f]{64}$/);
    expect(deployment.values["lifecycle"]).toMatchObject({ create_before_destroy: true });
    const parts = [
      "aws_api_gateway_method",
      "aws_api_gateway_integration",
      "aws_api_gateway_gateway_response",
    ].flatMap((type) => every(terraform, type).map((one) => one.address));
    expect([...(deployment.values["depends_on"] as string[])].sort()).toEqual(parts.sort());
    const setting = only(every(terraform, "aws_api_gateway_account"));
    expect(stage.values["depends_on"]).toContain(setting.address);
  });
});

describe.each(STACKS)("what measures the page in %s", (environment, terraform) => {
  const monitor = only(every(terraform, "aws_rum_app_monitor"));
  const settings = object(monitor.values["app_monitor_configuration"]);

  test("D35 the function tells the page which monitor to use", () => {
    const variables = object(
      object(functionOf(terraform, environment, "dashboard").values["environment"])["variables"],
    );
    expect(variables).toMatchObject({
      RUM_MONITOR_ID: ref(monitor, "app_monitor_id"),
      RUM_IDENTITY_POOL_ID: settings["identity_pool_id"],
      RUM_SAMPLE_RATE: String(settings["session_sample_rate"]),
    });
  });

  test("D29 D34 and where the stream really is", () => {
    const variables = object(
      object(functionOf(terraform, environment, "dashboard").values["environment"])["variables"],
    );
    const url = only(every(terraform, "aws_lambda_function_url"));
    expect(variables["STREAM_URL"]).toBe(ref(url, "function_url"));
  });

  test("X-Ray is on, and the sample is a tenth in production", () => {
    expect(settings).toMatchObject({
      enable_xray: true,
      session_sample_rate: environment === "prod" ? 0.1 : 1,
      telemetries: ["errors", "http", "performance"],
    });
    expect(monitor.values["domain"]).toBe('${regex("^https?://([^/:]+)", var.dashboard_url)[0]}');
  });

  test("IAM-2 a guest may put events into this monitor and nothing else", () => {
    const attachment = only(every(terraform, "aws_cognito_identity_pool_roles_attachment"));
    const roleArn = object(attachment.values["roles"])["unauthenticated"];
    const role = only(every(terraform, "aws_iam_role").filter((one) => ref(one, "arn") === roleArn));
    const policies = every(terraform, "aws_iam_role_policy_attachment")
      .filter((one) => one.values["role"] === ref(role, "name"))
      .map((one) => one.values["policy_arn"]);
    const policy = only(
      every(terraform, "aws_iam_policy").filter((one) => policies.includes(ref(one, "arn"))),
    );
    expect(policies).toHaveLength(1);
    expect(JSON.parse(String(policy.values["policy"])).Statement).toEqual([
      {
        Sid: "PutEvents",
        Effect: "Allow",
        Action: ["rum:PutRumEvents"],
        Resource: `arn:aws:rum:eu-west-1:\${var.account_id}:appmonitor/${environment}-sentiment-page`,
      },
    ]);
    const pool = only(every(terraform, "aws_cognito_identity_pool"));
    const trust = JSON.parse(String(role.values["assume_role_policy"])).Statement;
    expect(trust).toMatchObject([
      {
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { "cognito-identity.amazonaws.com:aud": ref(pool, "id") } },
      },
    ]);
    expect(pool.values["allow_classic_flow"]).toBe(false);
  });
});
