import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { bearerOf, type TokenAuthority, TokenError } from "../runtime/access-token";
import { SecretValues } from "../runtime/secret-values";
import { secretsManager, tables } from "./clients";
import { Refusal } from "./refusal";
import { config } from "./settings";

const signingKeys = new SecretValues(secretsManager, "signing_key");

async function isUser(id: string): Promise<boolean> {
  const { Item } = await tables().send(
    new GetCommand({
      TableName: config.variables.USERS_TABLE,
      Key: { PK: `USER#${id}`, SK: "PROFILE" },
    }),
  );
  if (Item === undefined) return false;
  // DynamoDB removes expired rows within days, not at once.
  const expires: unknown = Item["ttl_timestamp"];
  return typeof expires !== "number" || expires * 1000 > Date.now();
}

const AUTHORITY: TokenAuthority = {
  audience: config.variables.TOKEN_AUDIENCE,
  signingKey: () => signingKeys.read(config.variables.TOKEN_SECRET_ARN),
  isUser,
};

/** The user who asks. @throws Refusal with 401 when nobody is known to; whatever DynamoDB or the secret answer */
export async function userOf(authorization: string | undefined): Promise<string> {
  try {
    return await bearerOf(authorization, AUTHORITY);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw new Refusal(401, error.message, { "WWW-Authenticate": "Bearer" });
  }
}
