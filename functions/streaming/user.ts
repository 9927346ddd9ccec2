import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { TokenError } from "../runtime/access-token";
import { Bearers, profileKey } from "../runtime/bearers";
import { awsCall, dynamodb } from "./aws-call";
import { secretsManager, tables } from "./clients";
import { Refusal } from "./refusal";
import { config } from "./settings";

const TableName = config.variables.USERS_TABLE;

const bearers = new Bearers({
  audience: config.variables.TOKEN_AUDIENCE,
  secretArn: config.variables.TOKEN_SECRET_ARN,
  secrets: secretsManager,
  profile: async (id) => {
    const get = new GetCommand({ TableName, Key: profileKey(id), ConsistentRead: true });
    return (await awsCall(dynamodb([TableName], "GetItem"), () => tables().send(get))).Item;
  },
});

/** The user who asks. @throws Refusal with 401 when nobody is known to; whatever DynamoDB or the secret answer */
export async function userOf(authorization: string | undefined): Promise<string> {
  try {
    return (await bearers.of(authorization)).id;
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw new Refusal(401, error.message, { "WWW-Authenticate": "Bearer" });
  }
}
