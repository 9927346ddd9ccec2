import { ApiGatewayGatewayResponse } from "@cdktf/provider-aws/lib/api-gateway-gateway-response";
import { Construct } from "constructs";
import type { ProblemAnswer } from "./api-answers";

/** Props of {@link GatewayProblem}. */
export interface GatewayProblemProps extends ProblemAnswer {
  /** The API it belongs to. @default none */
  readonly restApiId: string;
}

/** One class of errors the gateway makes itself. */
export class GatewayProblem extends Construct {
  readonly resource: ApiGatewayGatewayResponse;

  constructor(scope: Construct, id: string, props: GatewayProblemProps) {
    super(scope, id);
    this.resource = new ApiGatewayGatewayResponse(this, "response", {
      restApiId: props.restApiId,
      responseType: props.kind,
      responseParameters: Object.fromEntries(
        Object.entries(props.headers).map(([name, value]) => [`gatewayresponse.header.${name}`, value]),
      ),
      responseTemplates: { "application/json": props.body },
    });
  }
}
