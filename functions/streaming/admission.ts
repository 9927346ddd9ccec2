import { type Context, trace } from "@opentelemetry/api";
import { HEADERS } from "../../contract/headers";
import { STREAM } from "../../contract/streaming";
import { SteadyPolls } from "../runtime/streaming-tracing/steady-polls";
import { type Answer, unavailable } from "./answer";
import { dynamodb } from "./aws-call";
import { configuredTickers } from "./configuration";
import { acquire } from "./connection";
import { Dispatcher } from "./dispatcher";
import { type EventFilter, within } from "./filter";
import type { Lease } from "./leases";
import { feed, poll } from "./poll";
import type { PollScope } from "./poll-record";
import { type Position, positionOf } from "./position";
import type { StreamRequest, Target } from "./request";
import { config, settings } from "./settings";
import { Stream, type StreamParts, settledStep } from "./stream";
import type { StreamMetrics } from "./stream-metrics";
import { userOf } from "./user";
import { preamble } from "./wire";
import type { StreamWriter } from "./writer";

/** Milliseconds before the deadline at which a stream begins to end: metrics and lease first, then the flush. */
const END_BEFORE_MS = STREAM.flushThresholdMs + 1500;

/** One invocation that is to become a stream. */
export interface StreamCall {
  readonly request: StreamRequest;
  readonly target: Exclude<Target, { kind: "status" }>;
  readonly answer: Answer;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly coldStart: boolean;
}

/** What of a stream must be ended whatever happens, as far as it got. */
export interface Opened {
  lease?: Lease;
  writer?: StreamWriter;
  dispatcher?: Dispatcher;
  steady?: SteadyPolls;
  stream?: Stream;
}

async function filterFor({ request, target }: StreamCall): Promise<EventFilter> {
  if (target.kind === "global") return request.filter;
  const user = await userOf(request.authorization);
  return within(request.filter, await configuredTickers(user, target.id));
}

/**
 * Where to go on; `undefined` when a new start is wanted or the only thing possible (SSE-G3).
 *
 * @throws Refusal with 503 when it cannot be told: a new start would lose events without need
 */
async function resumeAt(lastEventId: string | undefined, filter: EventFilter, scope: PollScope) {
  const position: Position | undefined = positionOf(lastEventId ?? "");
  if (position === undefined) return undefined;
  try {
    await poll(settledStep(Date.now()), undefined, filter, scope);
  } catch (error) {
    throw unavailable(error);
  }
  return feed.reaches(position) ? position : undefined;
}

function endOf({ request, startedAt, deadline }: StreamCall): StreamParts["until"] {
  const longest = startedAt + Math.min(settings.maxStreamMs, request.longestMs ?? settings.maxStreamMs);
  const latest = deadline - END_BEFORE_MS;
  return latest < longest ? { at: latest, why: "deadline" } : { at: longest, why: "max_stream" };
}

/**
 * Admits a stream and sends its first bytes.
 *
 * @param opened filled in step by step, so that a failure can be cleaned up after
 * @throws Refusal before the first byte; whatever else stands in the way
 */
export async function admit(
  call: StreamCall,
  inside: Context,
  metrics: StreamMetrics,
  opened: Opened,
): Promise<Stream> {
  const { request, target, answer, startedAt, coldStart } = call;
  const filter = await filterFor(call);
  const until = endOf(call);
  opened.lease = await acquire(inside, until.at, metrics);
  opened.steady = new SteadyPolls(inside, dynamodb([config.variables.DATABASE_TABLE]));
  const scope: PollScope = { inside, metrics, coldStart, steady: opened.steady };
  const resume = await resumeAt(request.lastEventId, filter, scope);
  trace.getSpan(inside)?.setAttribute("resumed", resume !== undefined);
  const headers = {
    "Cache-Control": target.kind === "global" ? "no-cache" : "no-store, private",
    [HEADERS.resumeSupported]: String(request.lastEventId === undefined || resume !== undefined),
  };
  opened.writer = answer.stream(headers, until.at);
  opened.dispatcher = new Dispatcher(opened.writer, inside, metrics, coldStart);
  await opened.writer.write(preamble(settings.retryMs));
  metrics.emit("ConnectionSetupMs", Date.now() - startedAt);
  const { writer, dispatcher } = opened;
  const openStreams = opened.lease.count;
  opened.stream = new Stream({ ...scope, writer, dispatcher, filter, resume, until, openStreams });
  return opened.stream;
}
