import { context, SpanKind } from "@opentelemetry/api";
import { STREAM_SPANS } from "../../contract/spans";
import type { StreamAttributes } from "../runtime/streaming-tracing/span";
import { withSpan } from "../runtime/streaming-tracing/span";

/** What X-Ray needs to draw DynamoDB as a node of its own (SSE-D3). */
export function dynamodb(tables: readonly string[], method?: string): StreamAttributes {
  return {
    "db.system": "dynamodb",
    "rpc.system": "aws-api",
    "rpc.service": "DynamoDB",
    "aws.dynamodb.table_names": [...tables],
    ...(method === undefined ? {} : { "rpc.method": method }),
  };
}

/** Runs one call to AWS in a span of its own, below the span at work. */
export function awsCall<T>(attributes: StreamAttributes, send: () => Promise<T>): Promise<T> {
  return withSpan(STREAM_SPANS.call, { kind: SpanKind.CLIENT, attributes }, context.active(), send);
}
