import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { TokenError } from "../runtime/access-token";
import { type Bearer, Bearers, profileKey } from "../runtime/bearers";
import { secretsManager, tables } from "../runtime/clients";
import { Problem } from "./problem";
import { config } from "./settings";

const TableName = config.variables.USERS_TABLE;

const bearers = new Bearers({
  audience: config.variables.TOKEN_AUDIENCE,
  secretArn: config.variables.TOKEN_SECRET_ARN,
  secrets: secretsManager,
  profile: async (id) =>
    (await tables().send(new GetCommand({ TableName, Key: profileKey(id), ConsistentRead: true }))).Item,
});

/** The user who asks. @throws Problem `unauthorized` when nobody is known to; whatever DynamoDB or the secret answer */
export async function userOf(authorization: string | undefined): Promise<Bearer> {
  try {
    return await bearers.of(authorization);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw new Problem("unauthorized", error.message, { headers: { "WWW-Authenticate": "Bearer" } });
  }
}
