import { FAILURE_PATHS, type FailurePathKey } from "../../contract/failure-paths";
import type { CommonConfig } from "./config";
import type { Logger } from "./logger";
import { dataOf } from "./metric-data";
import { writeMetricFallback } from "./metric-fallback";
import { putMetricData } from "./metrics";
import { type Annotations, traced } from "./tracing";

/** Options of {@link SilentFailures.guard}. */
export interface GuardOptions {
  /** Written on the path's subsegment before the work starts. */
  readonly annotations?: Annotations;
}

/** Options of {@link SilentFailures.record}. */
export interface RecordOptions {
  /** Which step of the path failed; becomes the annotation `failure_detail`. */
  readonly detail?: string;
}

/**
 * The seven places where an error is caught and the caller never sees it. Each is a fault on its own subsegment and a
 * metric that does not depend on sampling (SF-1, SF-2).
 *
 * The path must be a string literal: `modules/emissions.ts` reads the calls in the shipped bundle.
 */
export class SilentFailures {
  readonly #config: CommonConfig;
  readonly #logger: Logger;

  constructor(config: CommonConfig, logger: Logger) {
    this.#config = config;
    this.#logger = logger;
  }

  /**
   * Runs `work` in the path's subsegment. When it throws, marks the subsegment, reports, and gives the fallback.
   *
   * @returns what `work` gives, or `fallback`; never throws (SF-6)
   */
  async guard<T>(
    path: FailurePathKey,
    work: () => Promise<T>,
    fallback: T,
    options: GuardOptions = {},
  ): Promise<T> {
    try {
      return await traced(FAILURE_PATHS[path].subsegment, work, options.annotations);
    } catch (error) {
      await this.#report(path, error);
      return fallback;
    }
  }

  /**
   * Reports an error that was caught elsewhere, in a subsegment of its own opened after the fact. Never throws (SF-6).
   */
  async record(path: FailurePathKey, error: unknown, options: RecordOptions = {}): Promise<void> {
    const annotations = options.detail === undefined ? {} : { failure_detail: options.detail };
    const fail = () => Promise.reject(error);
    await traced(FAILURE_PATHS[path].subsegment, fail, annotations).catch((caught: unknown) =>
      this.#report(path, caught),
    );
  }

  async #report(path: FailurePathKey, error: unknown): Promise<void> {
    const { dimension, metric } = FAILURE_PATHS[path];
    this.#logger.warn("silent failure", { failure_path: dimension }, error);
    try {
      await putMetricData([
        ...dataOf(this.#config, "SilentFailure/Count", 1, { FailurePath: dimension }),
        ...dataOf(this.#config, metric, 1, {}),
      ]);
    } catch (refusal) {
      writeMetricFallback(["SilentFailure/Count", metric], refusal, path);
    }
  }
}
