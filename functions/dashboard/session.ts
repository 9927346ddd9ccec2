import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { USER_LIMITS } from "../../contract/api";
import { sessionUser } from "../runtime/access-token";
import { profileKey } from "../runtime/bearers";
import { tables } from "../runtime/clients";
import type { Answer } from "./answer";
import type { Call } from "./call";
import { readBody } from "./input";
import { config } from "./settings";

/** Starts an anonymous session; its token is kept nowhere. */
export async function createSession({ request }: Call): Promise<Answer> {
  readBody(request, {});
  const token = randomUUID();
  const now = Date.now();
  const expires = Math.floor(now / 1000) + USER_LIMITS.sessionSeconds;
  const profile = {
    ...profileKey(sessionUser(token)),
    entity_type: "USER",
    created_at: new Date(now).toISOString(),
    ttl_timestamp: expires,
  };
  // On no condition: the token is new, and the SDK may send a call again whose answer got lost.
  await tables().send(new PutCommand({ TableName: config.variables.USERS_TABLE, Item: profile }));
  return { status: 201, body: { token, expires_at: new Date(expires * 1000).toISOString() } };
}
