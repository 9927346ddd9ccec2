import type { Context } from "aws-lambda";
import type { ServiceKey } from "../../contract/services";
import { SPANS } from "../../contract/spans";
import { boundInPlace } from "./bounded-error";
import { type Config, loadConfig } from "./config";
import { Logger } from "./logger";
import { Metrics } from "./metrics";
import { SilentFailures } from "./silent-failures";
import { annotateInvocation, traced, traceId } from "./tracing";

/** What every part of a function works with; one per process. */
export interface Runtime<S extends ServiceKey> {
  readonly config: Config<S>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly silentFailures: SilentFailures;
}

/** Builds a function's runtime at cold start; throws when its configuration is incomplete. */
export function startRuntime<S extends ServiceKey>(service: S): Runtime<S> {
  const config = loadConfig(service);
  const logger = new Logger(config, traceId);
  const silentFailures = new SilentFailures(config, logger);
  return { config, logger, silentFailures, metrics: new Metrics(config) };
}

/** Something AWS invokes without waiting for an answer. */
export type AsyncHandler<Event, Result> = (event: Event, context: Context) => Promise<Result | undefined>;

/** Options of {@link asyncHandler}. */
export interface HandlerOptions {
  /** True where metrics are the function's very purpose, so that losing them fails the invocation. */
  readonly metricsMustArrive: boolean;
}

function isWarmup(event: unknown): boolean {
  return typeof event === "object" && event !== null && "warmup" in event && event.warmup === true;
}

/**
 * Wraps the body of an asynchronously invoked function: one subsegment for the whole run (Lambda's own segment cannot
 * be marked by code), a log line at either end, one metrics batch whatever happens, and **the error rethrown** so that
 * Lambda counts it, retries, and fills the dead-letter queue (D6).
 *
 * `{"warmup": true}` returns at once.
 */
export function asyncHandler<S extends ServiceKey, Event, Result>(
  runtime: Runtime<S>,
  run: (event: Event, context: Context) => Promise<Result>,
  options: HandlerOptions,
): AsyncHandler<Event, Result> {
  const body = async (event: Event, context: Context): Promise<Result> => {
    annotateInvocation();
    const started = performance.now();
    runtime.logger.info("started", { request_id: context.awsRequestId });
    try {
      const result = await run(event, context);
      runtime.logger.info("finished", { duration_ms: Math.round(performance.now() - started) });
      return result;
    } catch (error) {
      runtime.logger.error("failed", { duration_ms: Math.round(performance.now() - started) }, error);
      throw boundInPlace(error);
    }
  };
  return async (event, context) => {
    if (isWarmup(event)) return undefined;
    return traced(SPANS.handler, async () => {
      let result: Result;
      try {
        result = await body(event, context);
      } catch (error) {
        // The run's own error matters more than a lost batch, which has left its fallback line already.
        await runtime.metrics.flush().catch(() => undefined);
        throw error;
      }
      const sent = runtime.metrics.flush();
      await (options.metricsMustArrive ? sent : sent.catch(() => undefined));
      return result;
    });
  };
}
