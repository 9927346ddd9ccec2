import { BatchGetTracesCommand, GetTraceSummariesCommand, XRayClient } from "@aws-sdk/client-xray";
import * as v from "valibot";
import { clientOptions } from "../aws/client-options";
import { awsFault } from "../aws/trouble";
import { type Clock, Pace, SYSTEM_CLOCK } from "./clock";
import { misfit } from "./misfit";
import { Patience } from "./patience";
import type { SummaryPage, TracePage, TraceSource } from "./source";
import { RAW_SUMMARY } from "./summary";
import { RAW_TRACE } from "./trace";
import { LONGEST_WINDOW_MS, type Window } from "./window";

/** Most traces one `BatchGetTraces` takes (X-Ray API). */
export const TRACES_AT_ONCE = 5;
/** Requests for whole traces a second (FR-174). */
export const BATCHES_PER_SECOND = 5;
/** Milliseconds one answer may take; a search over hours of traffic is slow. */
const ANSWER_MS = 30_000;

/** How a {@link LiveTraceSource} reaches X-Ray. */
export interface LiveOptions {
  /** @default the SDK's */
  readonly region?: string | undefined;
  /** @default this machine's */
  readonly clock?: Clock;
  /** @default eight attempts when throttled, three otherwise */
  readonly patience?: Patience;
}

/**
 * X-Ray itself. Endpoint and credentials are the AWS SDK's (`AWS_ENDPOINT_URL`, `AWS_PROFILE` and so on). Throttled and
 * failed requests are sent again; whole traces are asked for five at once and five times a second (FR-174).
 */
export class LiveTraceSource implements TraceSource {
  readonly name = "X-Ray";
  readonly longestWindowMs = LONGEST_WINDOW_MS;
  readonly tracesAtOnce = TRACES_AT_ONCE;
  readonly #region: string | undefined;
  readonly #client: XRayClient;
  readonly #clock: Clock;
  readonly #pace: Pace;

  constructor({ region, clock = SYSTEM_CLOCK, patience = new Patience() }: LiveOptions = {}) {
    const options = clientOptions(region);
    this.#region = region;
    this.#client = new XRayClient({
      ...options,
      requestHandler: { ...options.requestHandler, requestTimeout: ANSWER_MS },
      retryStrategy: patience,
    });
    this.#clock = clock;
    this.#pace = new Pace(BATCHES_PER_SECOND, clock);
  }

  async summaryPage(
    window: Window,
    filter: string | undefined,
    next: string | undefined,
  ): Promise<SummaryPage> {
    const answer = await this.#asked("GetTraceSummaries", () =>
      this.#client.send(
        new GetTraceSummariesCommand({
          StartTime: new Date(window.fromMs),
          EndTime: new Date(window.toMs),
          // X-Ray would otherwise be free to show a part only.
          Sampling: false,
          FilterExpression: filter,
          NextToken: next,
        }),
      ),
    );
    return {
      summaries: this.#read("GetTraceSummaries", v.array(RAW_SUMMARY), answer.TraceSummaries ?? []),
      next: answer.NextToken,
    };
  }

  async tracePage(ids: readonly string[], next: string | undefined): Promise<TracePage> {
    await this.#pace.turn();
    const answer = await this.#asked("BatchGetTraces", () =>
      this.#client.send(new BatchGetTracesCommand({ TraceIds: [...ids], NextToken: next })),
    );
    return {
      traces: this.#read("BatchGetTraces", v.array(RAW_TRACE), answer.Traces ?? []),
      unprocessed: answer.UnprocessedTraceIds ?? [],
      next: answer.NextToken,
    };
  }

  async pause(ms: number): Promise<void> {
    await this.#clock.wait(ms);
  }

  close(): void {
    this.#client.destroy();
  }

  async #asked<T>(operation: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw awsFault(error, { action: `xray:${operation}`, region: this.#region });
    }
  }

  #read<S extends v.GenericSchema>(operation: string, schema: S, value: unknown): v.InferOutput<S> {
    const parsed = v.safeParse(schema, value);
    if (parsed.success) return parsed.output;
    throw misfit(`xray:${operation}`, parsed.issues[0], "check which service answers at AWS_ENDPOINT_URL");
  }
}
