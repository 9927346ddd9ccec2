import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type Answer, ask } from "../aws/answer";
import { clientOptions } from "../aws/client-options";
import { skewOf } from "../aws/clock";
import { failureOf } from "../aws/failure";

/** Who AWS says we are, and by its clock when. */
export interface Identity {
  readonly answer: Answer<{ readonly account: string; readonly arn: string }>;
  /** Milliseconds this machine's clock is ahead of AWS's; `undefined` when AWS did not answer at all. */
  readonly skewMs: number | undefined;
  /** Region of the SDK; `undefined` when there is none. */
  readonly region: string | undefined;
}

async function regionOf(client: STSClient): Promise<string | undefined> {
  try {
    return await client.config.region();
  } catch {
    // No region is a finding of its own.
    return undefined;
  }
}

/** The region the SDK works in; nothing is sent. @returns `undefined` when there is none */
export async function readRegion(region: string | undefined): Promise<string | undefined> {
  const client = new STSClient(clientOptions(region));
  try {
    return await regionOf(client);
  } finally {
    client.destroy();
  }
}

/** Headers of an answer as the SDK hands it on; its type leaves them open. */
function dateOf(response: unknown): string | undefined {
  return failureOf({ $response: response }).headers["date"];
}

/** Asks STS who we are. @param now epoch milliseconds of this machine */
export async function readIdentity(region: string | undefined, now: () => number): Promise<Identity> {
  const client = new STSClient(clientOptions(region));
  let skewMs: number | undefined;
  // The SDK mends a wrong clock in silence for itself; other programs of this machine do not.
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      skewMs ??= skewOf(dateOf(result.response), now());
      return result;
    },
    { step: "deserialize", priority: "low", name: "dateOfAnswer" },
  );
  const where = await regionOf(client);
  const answer = await ask(
    { action: "sts:GetCallerIdentity", region: where },
    async () => {
      const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
      return { account: Account ?? "", arn: Arn ?? "" };
    },
    now,
  );
  client.destroy();
  return { answer, skewMs, region: where };
}
