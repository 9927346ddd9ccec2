import type { Context } from "@opentelemetry/api";
import { STREAM_SPANS } from "../../contract/spans";
import { withSpan } from "../runtime/streaming-tracing/span";
import type { Answer } from "./answer";
import { connections } from "./connections";
import { openStreams } from "./leases";
import { settings } from "./settings";

/** Answers how many streams are open and how many could be. @throws whatever DynamoDB answers */
export async function answerStatus(answer: Answer, invocation: Context): Promise<void> {
  const count = await withSpan(STREAM_SPANS.status, { essential: true }, invocation, openStreams);
  await answer.json(200, {
    connections: count,
    max_connections: settings.maxConnections,
    available: Math.max(0, settings.maxConnections - count),
    uptime_seconds: connections.uptimeSeconds,
    state_valid: connections.valid,
  });
}
