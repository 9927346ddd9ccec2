import { STREAM_SPANS } from "../../contract/spans";
import { flushStream } from "../runtime/streaming-tracing/flush";
import { invocationContext } from "../runtime/streaming-tracing/invocation";
import { withSpan } from "../runtime/streaming-tracing/span";
import { Answer } from "./answer";
import { awsLambda, type UrlEvent } from "./awslambda";
import { logger } from "./log";
import { Refusal } from "./refusal";
import { readRequest } from "./request";
import { serve } from "./serve";
import { answerStatus } from "./status";

let coldStart = true;

/** Answers a Function URL with a stream of server-sent events, or with JSON (docs/streaming.md). */
export const handler = awsLambda().streamifyResponse(async (event: UrlEvent, raw, lambda) => {
  // First of all and of nothing the client sent: the context belongs to this invocation alone (SSE-C1, D26).
  const invocation = invocationContext();
  const startedAt = Date.now();
  const deadline = startedAt + lambda.getRemainingTimeInMillis();
  // Older runtimes would otherwise wait for every idle timer before they take new work.
  lambda.callbackWaitsForEmptyEventLoop = false;
  const answer = new Answer(raw);
  const first = coldStart;
  coldStart = false;
  try {
    const request = readRequest(event);
    const { target } = request;
    if (target.kind === "status") {
      await answerStatus(answer, invocation);
      await flushStream(invocation, "end");
      return;
    }
    const name = target.kind === "global" ? STREAM_SPANS.globalStream : STREAM_SPANS.configStream;
    const attributes = { ...request.session, is_cold_start: first };
    await withSpan(name, { essential: true, attributes }, invocation, (span, inside) =>
      serve({ request, target, answer, startedAt, deadline, coldStart: first }, span, inside),
    );
  } catch (error) {
    if (!(error instanceof Refusal)) logger.error("request failed", {}, error);
    if (!answer.begun) await answer.refuse(error);
    await flushStream(invocation, "refused");
  }
});
