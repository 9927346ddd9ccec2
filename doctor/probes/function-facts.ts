import {
  type EnvironmentResponse,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { type Answer, ask } from "../aws/answer";
import { clientOptions } from "../aws/client-options";
import type { Trouble } from "../aws/trouble";

/** What a Lambda function's configuration says of its tracing. */
export interface FunctionFacts {
  /** `Active` or `PassThrough`. */
  readonly tracingMode: string;
  readonly roleArn: string;
  readonly runtime: string;
  /** May hold secrets: only names and known values are ever shown. Lambda answers and keeps them to itself without the key. */
  readonly variables: Answer<Readonly<Record<string, string>>>;
}

const LONGEST_REASON = 300;

/** Why Lambda gave a function's configuration without its variables. */
function unreadable({ ErrorCode, Message }: NonNullable<EnvironmentResponse["Error"]>, key: string): Trouble {
  const words = [ErrorCode, Message].filter((part) => part !== undefined && part !== "").join(": ");
  return {
    kind: "denied",
    found: words.slice(0, LONGEST_REASON) || "variables that cannot be read, without a reason",
    expected: "permission for kms:Decrypt on the function's key",
    nextStep: `allow kms:Decrypt on ${key} to the identity that aws sts get-caller-identity shows, in its policies and in the key's`,
  };
}

/** Asks Lambda for a function's configuration. @param name a name or an ARN */
export async function readFunction(name: string, region: string | undefined): Promise<Answer<FunctionFacts>> {
  const client = new LambdaClient(clientOptions(region));
  const asked = { action: "lambda:GetFunctionConfiguration", subject: `--function ${name}`, region };
  const answer = await ask(asked, async () => {
    const { TracingConfig, Role, Runtime, Environment, KMSKeyArn } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: name }),
    );
    const variables: FunctionFacts["variables"] =
      Environment?.Error === undefined
        ? { kind: "answer", value: Environment?.Variables ?? {} }
        : { kind: "trouble", trouble: unreadable(Environment.Error, KMSKeyArn ?? "the function's key") };
    return {
      tracingMode: TracingConfig?.Mode ?? "PassThrough",
      roleArn: Role ?? "",
      runtime: Runtime ?? "",
      variables,
    };
  });
  client.destroy();
  return answer;
}
