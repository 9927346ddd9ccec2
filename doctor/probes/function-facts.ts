import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type Answer, ask } from "../aws/answer";
import { clientOptions } from "../aws/client-options";

/** What a Lambda function's configuration says of its tracing. */
export interface FunctionFacts {
  /** `Active` or `PassThrough`. */
  readonly tracingMode: string;
  readonly roleArn: string;
  readonly runtime: string;
  /** May hold secrets: only names and known values are ever shown. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Asks Lambda for a function's configuration. @param name a name or an ARN */
export async function readFunction(name: string, region: string | undefined): Promise<Answer<FunctionFacts>> {
  const client = new LambdaClient(clientOptions(region));
  const asked = { action: "lambda:GetFunctionConfiguration", subject: `--function ${name}`, region };
  const answer = await ask(asked, async () => {
    const { TracingConfig, Role, Runtime, Environment } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: name }),
    );
    return {
      tracingMode: TracingConfig?.Mode ?? "PassThrough",
      roleArn: Role ?? "",
      runtime: Runtime ?? "",
      variables: Environment?.Variables ?? {},
    };
  });
  client.destroy();
  return answer;
}
