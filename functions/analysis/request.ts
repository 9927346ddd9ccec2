import type { SNSEventRecord } from "aws-lambda";
import {
  array,
  boolean,
  getDotPath,
  type InferOutput,
  isoTimestamp,
  minLength,
  object,
  optional,
  pipe,
  safeParse,
  string,
} from "valibot";

const filled = pipe(string(), minLength(1));
const instant = pipe(string(), isoTimestamp());

const AnalysisRequest = object({
  source_id: filled,
  timestamp: filled,
  text_for_analysis: string(),
  matched_tickers: array(filled),
  published_at: instant,
  created_at: instant,
  republished: optional(boolean(), false),
});

/** A request to score one article, as ingestion publishes it; times are ISO 8601 in UTC. */
export type AnalysisRequest = InferOutput<typeof AnalysisRequest>;

/** A record that is not an analysis request. */
export class InvalidRequestError extends Error {
  override readonly name = "InvalidRequestError";
}

/**
 * Reads the request in an SNS record.
 *
 * @throws InvalidRequestError naming the fields that are missing or wrong; the message's content is not repeated
 */
export function readRequest(record: SNSEventRecord): AnalysisRequest {
  const id = record.Sns?.MessageId ?? "without id";
  const result = safeParse(AnalysisRequest, jsonOf(record.Sns?.Message, id));
  if (result.success) return result.output;
  const fields = [...new Set(result.issues.map((issue) => getDotPath(issue) ?? "(the message itself)"))];
  throw new InvalidRequestError(
    `SNS message ${id}: missing or wrong ${fields.join(", ")}. ` +
      "Ingestion's publish.ts defines the message; this one goes to the dead-letter queue.",
  );
}

function jsonOf(message: string | undefined, id: string): unknown {
  try {
    return JSON.parse(message ?? "");
  } catch {
    throw new InvalidRequestError(`SNS message ${id} is not JSON; this one goes to the dead-letter queue.`);
  }
}
