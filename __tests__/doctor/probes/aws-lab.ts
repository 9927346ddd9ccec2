import { CreateRoleCommand, IAMClient, type IAMClientConfig } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient, type LambdaClientConfig } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { AwsGateway } from "../../../lab/runtime/aws-gateway";
import { Moto } from "../../../lab/runtime/moto";
import { XRayService } from "../../../lab/runtime/xray-service";
import { commandOf } from "../../support/tools";
import { simulated } from "./simulated-policies";

/** Variables that lead an AWS client of this process to the lab and nowhere else. */
const VARIABLES = {
  AWS_ACCESS_KEY_ID: "lab",
  AWS_SECRET_ACCESS_KEY: "lab",
  AWS_EC2_METADATA_DISABLED: "true",
} as const;

/** Makes a function and its role. @param at options of the clients. @returns the role's ARN */
export async function makeFunction(
  at: LambdaClientConfig & IAMClientConfig,
  name: string,
  mode: "Active" | "PassThrough",
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const role = await new IAMClient(at).send(
    new CreateRoleCommand({ RoleName: `${name}-role`, AssumeRolePolicyDocument: "{}" }),
  );
  const roleArn = role.Role?.Arn ?? "";
  const handler = new TextEncoder().encode("exports.handler = async () => 1;");
  await new LambdaClient(at).send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: roleArn,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      TracingConfig: { Mode: mode },
      Environment: { Variables: variables },
      Code: { ZipFile: zipSync({ "index.js": handler }) },
    }),
  );
  return roleArn;
}

/** AWS for the doctor: moto, what it lacks, and faults on demand. */
export class AwsLab {
  /** Decisions of the policy simulator on actions that are not allowed. */
  decisions: Readonly<Record<string, string>> = {};

  private constructor(
    readonly moto: Moto,
    readonly gateway: AwsGateway,
    readonly xray: XRayService,
    /** Environment variables that lead here. */
    readonly variables: Readonly<Record<string, string>>,
  ) {}

  static async start(): Promise<AwsLab> {
    const moto = await Moto.start(commandOf("moto"));
    const gateway = await AwsGateway.start(moto.url);
    const variables = { ...VARIABLES, AWS_ENDPOINT_URL: gateway.url };
    const lab = new AwsLab(moto, gateway, new XRayService(), variables);
    Object.assign(process.env, variables);
    lab.reset();
    return lab;
  }

  /** Healthy again, with nothing asked. Resources stay. */
  reset(): void {
    this.decisions = {};
    this.gateway.reset();
    this.xray.reset();
    this.gateway.answerWith((call) =>
      call.operation === "SimulatePrincipalPolicy"
        ? simulated(call.input, this.decisions)
        : this.xray.answers(call),
    );
  }

  /** Makes a function and its role. @returns the role's ARN */
  makeFunction(
    name: string,
    mode: "Active" | "PassThrough",
    variables: Record<string, string>,
  ): Promise<string> {
    return makeFunction({ region: "eu-west-1" }, name, mode, variables);
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.moto.stop();
  }
}
