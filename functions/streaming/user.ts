import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { bearerOf, type TokenAuthority, TokenError } from "../runtime/access-token";
import { SecretValues } from "../runtime/secret-values";
import { awsCall, dynamodb } from "./aws-call";
import { secretsManager, tables } from "./clients";
import { Refusal } from "./refusal";
import { config } from "./settings";

const TableName = config.variables.USERS_TABLE;
const secretArn = config.variables.TOKEN_SECRET_ARN;
const signingKeys = new SecretValues(secretsManager, "signing_key");

async function isSession(id: string): Promise<boolean> {
  // A session that was made a moment ago counts.
  const get = new GetCommand({
    TableName,
    Key: { PK: `USER#${id}`, SK: "PROFILE" },
    ConsistentRead: true,
  });
  const { Item } = await awsCall(dynamodb([TableName], "GetItem"), () => tables().send(get));
  // Users who stay have no expiry, and their id is no secret; DynamoDB removes expired rows within days, not at once.
  const expires: unknown = Item?.["ttl_timestamp"];
  return typeof expires === "number" && expires * 1000 > Date.now();
}

const AUTHORITY: TokenAuthority = {
  audience: config.variables.TOKEN_AUDIENCE,
  signingKey: () => signingKeys.read(secretArn),
  isSession,
};

/** Milliseconds between two looks at the secret because of a signature that does not fit. */
const RENEWAL_MS = 60_000;
let renewedAt = 0;

/** The bearer; once a minute a signature that does not fit is checked against the secret as it is now. */
async function bearer(authorization: string | undefined): Promise<string> {
  try {
    return await bearerOf(authorization, AUTHORITY);
  } catch (error) {
    const rotated = error instanceof TokenError && error.signature === "wrong";
    if (!rotated || Date.now() - renewedAt < RENEWAL_MS) throw error;
    renewedAt = Date.now();
    signingKeys.forget(secretArn);
    return bearerOf(authorization, AUTHORITY);
  }
}

/** The user who asks. @throws Refusal with 401 when nobody is known to; whatever DynamoDB or the secret answer */
export async function userOf(authorization: string | undefined): Promise<string> {
  try {
    return await bearer(authorization);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw new Refusal(401, error.message, { "WWW-Authenticate": "Bearer" });
  }
}
