import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";

/** How clients of a test reach moto. */
export function motoOptions(endpoint: string, region = "eu-west-1") {
  return { endpoint, region, credentials: { accessKeyId: "lab", secretAccessKey: "lab" } };
}

/** Functions in moto that only have a configuration. */
export class MotoFunctions {
  readonly client: LambdaClient;
  readonly #role: string;

  private constructor(client: LambdaClient, role: string) {
    this.client = client;
    this.#role = role;
  }

  /** Prepares moto, at its address, for functions. */
  static async start(url: string): Promise<MotoFunctions> {
    const iam = new IAMClient(motoOptions(url));
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: "functions", AssumeRolePolicyDocument: '{"Version":"2012-10-17"}' }),
    );
    iam.destroy();
    return new MotoFunctions(new LambdaClient(motoOptions(url)), Role?.Arn ?? "");
  }

  /** Makes a function and returns its ARN. */
  async create(
    FunctionName: string,
    Variables: Readonly<Record<string, string>>,
    Tags: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const { FunctionArn = "" } = await this.client.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: this.#role,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: zipSync({ "index.mjs": Buffer.from("export {}") }) },
        Environment: { Variables },
        Tags,
      }),
    );
    return FunctionArn;
  }

  stop(): void {
    this.client.destroy();
  }
}
