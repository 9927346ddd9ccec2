import type { APIGatewayProxyResult } from "aws-lambda";
import { API_CORS } from "../../contract/api";
import { SPANS } from "../../contract/spans";
import { Logger } from "../runtime/logger";
import { annotate, annotateInvocation, markAnswer, traced, traceId } from "../runtime/tracing";
import type { Answer } from "./answer";
import { preflight } from "./cors";
import { type Problem, problemAnswer, problemOf } from "./problem";
import { proxyResult } from "./proxy-result";
import { type GatewayRequest, readRequest } from "./request";
import { placeOf, routeAt } from "./router";
import { answerTo } from "./routes";
import { config } from "./settings";

const logger = new Logger(config, traceId);

/** What is known of a request, for its span and its log line; nothing of it is free text of the client. */
interface Known {
  request?: GatewayRequest;
  route: string;
  method: string;
}

const METHODS: readonly string[] = API_CORS.methods;

async function respond(event: unknown, known: Known): Promise<Answer> {
  const request = readRequest(event);
  const place = placeOf(request.path);
  known.request = request;
  known.route = place?.template ?? "unmatched";
  known.method = METHODS.includes(request.method) ? request.method : "other";
  // Also where nothing is: a page must be able to read the 404.
  if (request.method === "OPTIONS") return preflight(request.headers.get("origin"));
  const key = routeAt(place, request.method);
  const call = { request: { ...request, body: request.readBody() }, parameters: place?.parameters ?? {} };
  return answerTo(key, call);
}

function record(
  { route, method }: Known,
  status: number,
  started: number,
  problem: Problem | undefined,
): void {
  annotate("http_route", route);
  annotate("http_method", method);
  const cause = problem?.cause ?? problem;
  markAnswer(status, cause);
  const fields = { route, method, status, duration_ms: Math.round(performance.now() - started) };
  if (status >= 500) logger.error("request", fields, cause);
  else if (problem?.cause !== undefined) logger.warn("request", fields, cause);
  else logger.info("request", fields);
}

/**
 * Answers one request of API Gateway REST. The caller reads the answer, so errors become statuses instead of failed
 * invocations (ADR 0007), and a status of 500 or above marks the request's subsegment as a fault (D31).
 */
export async function handler(event: unknown): Promise<APIGatewayProxyResult> {
  return traced(SPANS.route, async () => {
    const started = performance.now();
    annotateInvocation();
    const known: Known = { route: "unmatched", method: "other" };
    let answer: Answer;
    let problem: Problem | undefined;
    try {
      answer = await respond(event, known);
    } catch (error) {
      problem = problemOf(error, known.request?.method);
      answer = problemAnswer(problem, traceId());
    }
    record(known, answer.status, started, problem);
    return proxyResult(answer, known.request?.headers.get("origin"), traceId());
  });
}
