import { PublishBatchCommand, type PublishBatchRequestEntry } from "@aws-sdk/client-sns";
import { topics } from "./clients";

/** SNS takes at most so many messages in a batch. */
export const LARGEST_BATCH = 10;

/** A message as SNS takes it; its position in the batch is its id there. */
export type BatchMessage = Omit<PublishBatchRequestEntry, "Id">;

/** SNS took a batch only in part; its answer is a success as far as the SDK can see. */
export class PartialPublishError extends Error {
  override readonly name = "PartialPublishError";

  /** @param refused positions of the messages that were not taken */
  constructor(
    message: string,
    readonly refused: readonly number[],
  ) {
    super(message);
  }
}

/**
 * Publishes at most {@link LARGEST_BATCH} messages in one call. No trace data goes into them: SNS carries the context
 * itself (SNS-1).
 *
 * @param noun what the messages are, for the error
 * @throws PartialPublishError when SNS refused some of them; otherwise what the SDK throws
 */
export async function publishBatch(
  messages: readonly BatchMessage[],
  topicArn: string,
  noun: string,
): Promise<void> {
  const { Failed = [] } = await topics().send(
    new PublishBatchCommand({
      TopicArn: topicArn,
      PublishBatchRequestEntries: messages.map((message, index) => ({ Id: String(index), ...message })),
    }),
  );
  if (Failed.length === 0) return;
  const codes = [...new Set(Failed.map(({ Code }) => Code))].join(", ");
  throw new PartialPublishError(
    `SNS refused ${Failed.length} of ${messages.length} ${noun}: ${codes}`,
    Failed.map(({ Id }) => Number(Id)),
  );
}
