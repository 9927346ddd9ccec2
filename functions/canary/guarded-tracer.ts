import type { AnnotationKey } from "../../contract/spans";
import { boundError } from "../runtime/bounded-error";
import type { Logger } from "../runtime/logger";
import type { AnnotationValue, captureClient, SubsegmentName } from "../runtime/tracing";

/** What the canary uses of functions/runtime/tracing.ts. */
export type Tracing = Pick<
  typeof import("../runtime/tracing"),
  "annotate" | "annotateInvocation" | "captureClient" | "traced" | "traceId"
>;

/** Starts tracing, or throws. */
export type StartTracing = () => Promise<Tracing>;

type Client = Parameters<typeof captureClient>[0];

/** Milliseconds a start may take (CAN-9). */
const START_MS = 2000;

/** Starts the tracer all functions share. It is loaded only here, so that even loading it may fail. */
export const startSharedTracing: StartTracing = async () => {
  const tracing = await import("../runtime/tracing");
  tracing.beginTracing();
  return tracing;
};

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const give = () => reject(new Error(`the tracer did not start within ${START_MS} ms`));
    timer = setTimeout(give, START_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The tracer of the one function that must go on without it: who reports that traces are lost cannot depend on them
 * (CAN-9). Only its start is guarded; once started it is as strict as everywhere.
 */
export class GuardedTracer {
  readonly #start: StartTracing;
  readonly #clients: readonly Client[];
  #tracing: Tracing | undefined;
  #failures = 0;

  /** @param clients captured as soon as there is a tracer */
  constructor(clients: readonly Client[], start: StartTracing = startSharedTracing) {
    this.#clients = clients;
    this.#start = start;
  }

  /**
   * Starts the tracer unless it runs; each invocation after a failed one tries again. Never throws.
   *
   * @returns whether the tracer runs
   */
  async start(logger: Logger): Promise<boolean> {
    if (this.#tracing !== undefined) return true;
    if (this.#failures > 0) {
      logger.info("starting the tracer again", { canary_reinit_attempt: this.#failures });
    }
    try {
      const tracing = await inTime(this.#start());
      for (const client of this.#clients) tracing.captureClient(client);
      this.#tracing = tracing;
      return true;
    } catch (error) {
      this.#failures += 1;
      const { name, message } = boundError(error);
      logger.warn("running without a tracer", {
        canary_init_failed: true,
        component: "tracer",
        error: `${name}: ${message}`,
      });
      return false;
    }
  }

  /** Runs work in a subsegment; without a tracer just runs it. */
  async traced<T>(name: SubsegmentName, work: () => Promise<T>): Promise<T> {
    return this.#tracing === undefined ? work() : this.#tracing.traced(name, work);
  }

  /** Annotates the current subsegment. */
  annotate(key: AnnotationKey, value: AnnotationValue): void {
    this.#tracing?.annotate(key, value);
  }

  /** Annotates the current subsegment with service name and cold start. */
  annotateInvocation(): void {
    this.#tracing?.annotateInvocation();
  }

  /** The canary's own trace; `undefined` without one. */
  traceId(): string | undefined {
    return this.#tracing?.traceId();
  }
}
