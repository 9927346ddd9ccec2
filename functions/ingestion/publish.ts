import { type BatchMessage, LARGEST_BATCH, publishBatch } from "../runtime/publish-batch";
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

/**
 * Publishes analysis requests in batches. A batch that fails, wholly or in part, is reported as
 * `notification_delivery` and the next one is still sent; its items stay pending until self-healing finds them.
 *
 * @returns how many were accepted
 */
export async function publishRequests(
  requests: readonly AnalysisRequest[],
  topicArn: string,
  silentFailures: SilentFailures,
): Promise<number> {
  let accepted = 0;
  for (let start = 0; start < requests.length; start += LARGEST_BATCH) {
    const batch = requests.slice(start, start + LARGEST_BATCH);
    const annotations = { item_count: batch.length };
    const publish = async (): Promise<void> => {
      await publishBatch(batch.map(messageOf), topicArn, "messages");
      accepted += batch.length;
    };
    await silentFailures.guard("notification_delivery", publish, undefined, { annotations });
  }
  return accepted;
}

function messageOf(request: AnalysisRequest): BatchMessage {
  return {
    Message: JSON.stringify(request),
    MessageAttributes: { source_type: { DataType: "String", StringValue: request.source_type } },
  };
}
