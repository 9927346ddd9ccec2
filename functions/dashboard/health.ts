import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { tables } from "../runtime/clients";
import type { Answer } from "./answer";
import { Problem, RETRY_AFTER } from "./problem";
import { config } from "./settings";

/** A key no article has; reading it tells whether the table answers. */
const PROBE = { source_id: "health", timestamp: "probe" };

/** Whether the API reaches its data. @throws Problem `unavailable` when it does not, whatever the reason */
export async function health(): Promise<Answer> {
  try {
    await tables().send(new GetCommand({ TableName: config.variables.DATABASE_TABLE, Key: PROBE }));
  } catch (cause) {
    throw new Problem("unavailable", "The table of articles does not answer.", {
      headers: RETRY_AFTER,
      cause,
    });
  }
  return { status: 200, body: { status: "ok" } };
}
