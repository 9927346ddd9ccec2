import { PublishBatchCommand } from "@aws-sdk/client-sns";
import { topics } from "../runtime/clients";
import type { SilentFailures } from "../runtime/silent-failures";

/** The message that asks for an article's score; times are ISO 8601 in UTC. */
export interface AnalysisRequest {
  readonly source_id: string;
  /** The item's sort key: the publish date. */
  readonly timestamp: string;
  readonly source_type: string;
  readonly sources: readonly string[];
  readonly text_for_analysis: string;
  readonly model_version: string;
  readonly matched_tickers: readonly string[];
  readonly published_at: string;
  readonly created_at: string;
  /** Present when self-healing sends it again. */
  readonly republished?: true;
}

/** SNS takes at most ten messages in a batch. */
const BATCH = 10;

/**
 * Publishes analysis requests in batches of ten. A batch that fails, wholly or in part, is reported as
 * `notification_delivery` and the next one is still sent; its items stay pending until self-healing finds them.
 * No trace data goes into the messages: SNS carries the context itself (SNS-1).
 *
 * @returns how many were accepted
 */
export async function publishRequests(
  requests: readonly AnalysisRequest[],
  topicArn: string,
  silentFailures: SilentFailures,
): Promise<number> {
  let accepted = 0;
  for (let start = 0; start < requests.length; start += BATCH) {
    const batch = requests.slice(start, start + BATCH);
    const annotations = { item_count: batch.length };
    const publish = async (): Promise<void> => {
      accepted += await publishBatch(batch, topicArn);
    };
    await silentFailures.guard("notification_delivery", publish, undefined, { annotations });
  }
  return accepted;
}

/** SNS accepted a batch only in part; the answer is a success as far as the SDK can see. */
class PartialPublishError extends Error {
  override readonly name = "PartialPublishError";
}

async function publishBatch(batch: readonly AnalysisRequest[], topicArn: string): Promise<number> {
  const { Failed = [] } = await topics().send(
    new PublishBatchCommand({
      TopicArn: topicArn,
      PublishBatchRequestEntries: batch.map((request, index) => ({
        Id: String(index),
        Message: JSON.stringify(request),
        MessageAttributes: { source_type: { DataType: "String", StringValue: request.source_type } },
      })),
    }),
  );
  if (Failed.length > 0) {
    const codes = [...new Set(Failed.map(({ Code }) => Code))].join(", ");
    throw new PartialPublishError(`SNS refused ${Failed.length} of ${batch.length} messages: ${codes}`);
  }
  return batch.length;
}
