import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionUrl } from "@cdktf/provider-aws/lib/lambda-function-url";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { STREAM_FIXED_VARIABLES } from "../contract/environment-variables";
import { CORS_ORIGIN, STREAM_CORS } from "../contract/headers";
import { requireText } from "./construct-error";
import { type DeployedFunction, type FunctionBasicsProps, functionBasics } from "./function-basics";

/** An image named by digest; in a Terraform regular expression and in JavaScript alike. */
export const IMAGE_BY_DIGEST = "^[^@ ]+@sha256:[0-9a-f]{64}$";

/** Props of {@link StreamingFunction}. */
export interface StreamingFunctionProps extends FunctionBasicsProps {
  /** `REPOSITORY@sha256:…`; a tag would let the collector inside change unseen. @default none */
  readonly imageUri: string;
  /** Origins whose pages may read the stream. @default none: an empty list admits no browser, and that is said aloud */
  readonly corsOrigins: readonly string[];
}

/**
 * A container function that streams its answer over a Function URL and whose spans arrive: Active tracing, a collector
 * inside the image instead of a layer, and no VPC, from inside which Function URLs do not stream (SSE-A6).
 *
 * The URL has no authorization of its own. `AWS_IAM` would want every browser to sign requests, which `EventSource`
 * cannot, and one route is public anyhow; the handler checks the token of the other (ADR 0023). What bounds abuse is
 * the reserved concurrency.
 */
export class StreamingFunction extends Construct implements DeployedFunction {
  readonly arn: string;
  readonly invokeArn: string;
  readonly functionName: string;
  readonly roleArn: string;
  readonly logGroupName: string;
  /** Address of the stream, with a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: StreamingFunctionProps) {
    super(scope, id);
    const basics = functionBasics(this, props);
    if (!Token.isUnresolved(props.imageUri)) {
      requireText(
        this,
        "imageUri",
        props.imageUri,
        new RegExp(IMAGE_BY_DIGEST),
        "REPOSITORY@sha256: and 64 hexadecimal digits",
      );
    }
    for (const origin of props.corsOrigins) {
      requireText(this, "corsOrigins", origin, CORS_ORIGIN, "https://HOST or http://localhost:PORT, no path");
    }
    const fn = new LambdaFunction(this, "function", {
      ...basics.config,
      packageType: "Image",
      imageUri: props.imageUri,
      environment: {
        variables: {
          ...STREAM_FIXED_VARIABLES,
          OTEL_SERVICE_NAME: props.serviceName,
          ...basics.variables,
        },
      },
    });
    const url = new LambdaFunctionUrl(this, "url", {
      functionName: fn.functionName,
      authorizationType: "NONE",
      invokeMode: "RESPONSE_STREAM",
      cors: {
        allowCredentials: false,
        allowOrigins: [...props.corsOrigins],
        allowMethods: [...STREAM_CORS.methods],
        allowHeaders: [...STREAM_CORS.requestHeaders],
        exposeHeaders: [...STREAM_CORS.responseHeaders],
        maxAge: STREAM_CORS.maxAgeSeconds,
      },
    });
    this.arn = fn.arn;
    this.invokeArn = fn.invokeArn;
    this.functionName = props.functionName;
    this.roleArn = basics.roleArn;
    this.logGroupName = basics.logGroupName;
    this.url = url.functionUrl;
  }
}
