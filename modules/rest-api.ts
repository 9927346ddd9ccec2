import { createHash } from "node:crypto";
import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { accessLogFormat, type Cors, gatewayProblems } from "./api-answers";
import { requireInteger, requireText } from "./construct-error";
import type { DeployedFunction } from "./function-basics";
import { GatewayProblem } from "./gateway-problem";

/** The longest API Gateway waits for a function, in milliseconds (API Gateway quotas, integration timeout). */
const INTEGRATION_TIMEOUT_MS = 29_000;

/** Props of {@link RestApi}. */
export interface RestApiProps {
  /** Name of the API, the `ApiName` dimension of its metrics. @default none */
  readonly apiName: string;
  /** Name of the stage, first part of every path: 1 to 128 letters, digits, `-` and `_`. @default none */
  readonly stageName: string;
  /** One sentence for the console. @default none */
  readonly description: string;
  /** The function that answers every path and method. @default none */
  readonly target: DeployedFunction;
  /** Requests per second, and how many at once, over all callers. @default none: unbounded traffic is unbounded cost */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  /** What browsers may send and read of errors the gateway makes itself. @default none */
  readonly cors: Cors;
  /** Days the access log is kept. @default none: keeping logs for ever bills for ever */
  readonly logRetentionDays: number;
  /** What lets the gateway write logs, once per account and region. @default none */
  readonly logging: ITerraformDependable;
}

/**
 * A regional REST API whose every request goes to one function: X-Ray on, so that the trace starts here, throttled, with
 * a JSON access log that names the trace. The function answers preflights; errors the gateway makes itself can be read
 * by browsers too (FE-1, D30).
 */
export class RestApi extends Construct {
  /** Address of the stage, without a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    requireText(this, "stageName", props.stageName, /^[\w-]{1,128}$/, "1 to 128 letters, digits, - or _");
    requireInteger(this, "throttle.ratePerSecond", props.throttle.ratePerSecond, 1, 10_000);
    requireInteger(this, "throttle.burst", props.throttle.burst, 1, 5000);
    const api = new ApiGatewayRestApi(this, "api", {
      name: props.apiName,
      description: props.description,
      endpointConfiguration: { types: ["REGIONAL"] },
    });
    const everything = new ApiGatewayResource(this, "everything", {
      restApiId: api.id,
      parentId: api.rootResourceId,
      pathPart: "{proxy+}",
    });
    const parts = [
      ...this.proxy("root", api, api.rootResourceId, props.target),
      ...this.proxy("any", api, everything.id, props.target),
      ...gatewayProblems(props.cors).map(
        (problem) => new GatewayProblem(this, problem.kind, { restApiId: api.id, ...problem }).resource,
      ),
    ];
    this.url = this.deploy(api, parts, props);
  }

  private proxy(
    id: string,
    api: ApiGatewayRestApi,
    resourceId: string,
    target: DeployedFunction,
  ): readonly ITerraformDependable[] {
    const method = new ApiGatewayMethod(this, `${id}-method`, {
      restApiId: api.id,
      resourceId,
      httpMethod: "ANY",
      // The function checks the bearer token; some routes are public (application §6).
      authorization: "NONE",
    });
    const integration = new ApiGatewayIntegration(this, `${id}-integration`, {
      restApiId: api.id,
      resourceId,
      httpMethod: method.httpMethod,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: target.invokeArn,
      timeoutMilliseconds: INTEGRATION_TIMEOUT_MS,
    });
    return [method, integration];
  }

  private deploy(
    api: ApiGatewayRestApi,
    parts: readonly ITerraformDependable[],
    props: RestApiProps,
  ): string {
    const deployment = new ApiGatewayDeployment(this, "deployment", {
      restApiId: api.id,
      // A deployment is a copy: without a new one, changes to its parts would never be served.
      triggers: { parts: fingerprint([gatewayProblems(props.cors), INTEGRATION_TIMEOUT_MS]) },
      lifecycle: { createBeforeDestroy: true },
      dependsOn: [...parts],
    });
    const log = new CloudwatchLogGroup(this, "access-log", {
      name: `/aws/apigateway/${props.apiName}`,
      retentionInDays: props.logRetentionDays,
    });
    const permission = new LambdaPermission(this, "permission", {
      statementId: "AllowApi",
      action: "lambda:InvokeFunction",
      functionName: props.target.arn,
      principal: "apigateway.amazonaws.com",
      sourceArn: `${api.executionArn}/${props.stageName}/*`,
    });
    const stage = new ApiGatewayStage(this, "stage", {
      restApiId: api.id,
      deploymentId: deployment.id,
      stageName: props.stageName,
      xrayTracingEnabled: true,
      accessLogSettings: { destinationArn: log.arn, format: accessLogFormat() },
      dependsOn: [props.logging, permission],
    });
    new ApiGatewayMethodSettings(this, "settings", {
      restApiId: api.id,
      stageName: stage.stageName,
      methodPath: "*/*",
      settings: {
        throttlingRateLimit: props.throttle.ratePerSecond,
        throttlingBurstLimit: props.throttle.burst,
        // Metrics per API and stage are free; per method they are custom metrics.
        metricsEnabled: false,
        loggingLevel: "OFF",
        dataTraceEnabled: false,
      },
    });
    return stage.invokeUrl;
  }
}

function fingerprint(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
