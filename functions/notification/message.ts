import type { SNSEventRecord } from "aws-lambda";
import { getDotPath, safeParse } from "valibot";
import type { AlertMessage } from "../../contract/mail";
import { AlertMessageSchema } from "../runtime/alert-message";

/** A record that is not an alert. */
export class InvalidMessageError extends Error {
  override readonly name = "InvalidMessageError";
}

/**
 * Reads the alert in an SNS record.
 *
 * @throws InvalidMessageError naming the fields that are missing or wrong; the message's content is not repeated
 */
export function readAlert(record: SNSEventRecord): AlertMessage {
  const id = record.Sns?.MessageId ?? "without id";
  const result = safeParse(AlertMessageSchema, jsonOf(record.Sns?.Message, id));
  if (result.success) return result.output;
  const fields = [...new Set(result.issues.map((issue) => getDotPath(issue) ?? "(the message itself)"))];
  throw new InvalidMessageError(
    `SNS message ${id}: missing or wrong ${fields.join(", ")}. ` +
      "AlertMessage in contract/mail.ts defines the message; this one goes to the dead-letter queue.",
  );
}

function jsonOf(message: string | undefined, id: string): unknown {
  try {
    return JSON.parse(message ?? "");
  } catch {
    throw new InvalidMessageError(`SNS message ${id} is not JSON; this one goes to the dead-letter queue.`);
  }
}
