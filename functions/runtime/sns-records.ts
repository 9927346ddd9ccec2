import type { SNSEventRecord } from "aws-lambda";
import type { Logger } from "./logger";

/** What became of the records of an event. */
export interface Tried<Result> {
  readonly results: readonly Result[];
  /** The one error, or all of them; absent when no record failed. */
  readonly error?: unknown;
}

/**
 * Tries every record of an event: one that fails is logged and keeps no other from its turn. SNS sends one record at a
 * time, but nothing relies on it. Throw `error` in the end, so that the event goes through retries to the dead-letter
 * queue whole (D6).
 *
 * @param failed called once for each record that failed
 */
export async function tryRecords<Result>(
  records: readonly SNSEventRecord[],
  logger: Logger,
  work: (record: SNSEventRecord) => Promise<Result>,
  failed: (error: unknown) => void,
): Promise<Tried<Result>> {
  const results: Result[] = [];
  const errors: unknown[] = [];
  for (const record of records) {
    try {
      results.push(await work(record));
    } catch (error) {
      failed(error);
      logger.error("record failed", { message_id: record.Sns?.MessageId ?? "" }, error);
      errors.push(error);
    }
  }
  if (errors.length === 0) return { results };
  if (errors.length === 1) return { results, error: errors[0] };
  return {
    results,
    error: new AggregateError(errors, `${errors.length} of ${records.length} records failed`),
  };
}
