import { ASYNC_RETRIES } from "../../contract/messaging";
import type { FunctionHost, Invocation, InvokeOptions } from "./function-host";

/** What Lambda puts on the dead-letter queue: the event as it came, and why it failed. */
export interface DeadLetter {
  readonly body: string;
  readonly attributes: {
    readonly RequestID: string;
    readonly ErrorCode: string;
    readonly ErrorMessage: string;
  };
}

/** Lambda cuts the error message of a dead letter to one kilobyte. */
const ERROR_MESSAGE_LENGTH = 1024;

/**
 * Invokes with Lambda's asynchronous semantics: up to two retries, then the event goes to the dead-letter queue. The
 * waits of one and two minutes between attempts are left out.
 *
 * @returns the attempts made, and the dead letter when all failed
 */
export async function invokeAsync(
  host: FunctionHost,
  event: unknown,
  options: InvokeOptions = {},
): Promise<{ readonly attempts: readonly Invocation[]; readonly deadLetter?: DeadLetter }> {
  const attempts: Invocation[] = [];
  for (let attempt = 0; attempt <= ASYNC_RETRIES; attempt += 1) {
    const invocation = await host.invoke(event, options);
    attempts.push(invocation);
    if (invocation.error === undefined) return { attempts };
  }
  const last = attempts.at(-1);
  return {
    attempts,
    deadLetter: {
      body: JSON.stringify(event),
      attributes: {
        RequestID: last?.requestId ?? "",
        ErrorCode: "200",
        ErrorMessage: (last?.error?.message ?? "").slice(0, ERROR_MESSAGE_LENGTH),
      },
    },
  };
}
