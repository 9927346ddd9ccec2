import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { HttpRequest } from "@smithy/core/protocols";
import { HEADERS } from "../../contract/headers";
import { InputError } from "../../instruments/terraform-file";
import { clientOptions } from "../aws/client-options";
import { awsFault } from "../aws/trouble";

/** Milliseconds a function has at most; Lambda answers when it has ended. */
const LONGEST_RUN_MS = 65_000;

/**
 * Invokes a function inside a trace and waits until it has ended.
 *
 * @param header value of the trace header
 * @throws InputError when Lambda refuses or the function fails
 */
export async function invokeTraced(
  functionName: string,
  header: string,
  region: string | undefined,
): Promise<void> {
  const options = clientOptions(region);
  const client = new LambdaClient({
    ...options,
    // A second run would be a second trace of the same id.
    maxAttempts: 1,
    requestHandler: { ...options.requestHandler, requestTimeout: LONGEST_RUN_MS },
  });
  client.middlewareStack.add(
    (next) => (args) => {
      if (HttpRequest.isInstance(args.request)) args.request.headers[HEADERS.traceId] = header;
      return next(args);
    },
    { step: "build", name: "traceHeader" },
  );
  let failure: string | undefined;
  try {
    const answer = await client.send(new InvokeCommand({ FunctionName: functionName, Payload: "{}" }));
    failure = answer.FunctionError;
  } catch (error) {
    throw awsFault(error, { action: "lambda:InvokeFunction", subject: functionName, region });
  } finally {
    client.destroy();
  }
  if (failure !== undefined)
    throw new InputError(
      functionName,
      `an error (${failure})`,
      "a run without one",
      "read its log, then try again",
    );
}

/** The value of a function's variable. @throws InputError when Lambda does not tell */
export async function variableOf(
  functionName: string,
  variable: string,
  region: string | undefined,
): Promise<string> {
  const client = new LambdaClient(clientOptions(region));
  let failure: string | undefined;
  try {
    const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
    const { Error: unread } = found.Environment ?? {};
    if (unread !== undefined) failure = unread.ErrorCode ?? "no reason given";
    const value = found.Environment?.Variables?.[variable];
    if (value !== undefined) return value;
  } catch (error) {
    throw awsFault(error, { action: "lambda:GetFunctionConfiguration", subject: functionName, region });
  } finally {
    client.destroy();
  }
  if (failure !== undefined)
    throw new InputError(
      functionName,
      `environment variables that cannot be read (${failure})`,
      `${variable} in clear`,
      "allow kms:Decrypt on the function's key to whoever runs this",
    );
  throw new InputError(
    functionName,
    `no variable ${variable}`,
    "the one its construct sets",
    "deploy it again",
  );
}
