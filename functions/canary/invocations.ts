import { SPANS } from "../../contract/spans";
import { tell } from "./alert";
import { brokenTroubles } from "./diagnosis";
import { isPermissionEvent, runDriftCheck } from "./drift-run";
import { GuardedTracer } from "./guarded-tracer";
import type { CanaryParts, CanaryReport } from "./parts";
import { runCanary } from "./run";
import { due, markTold, type Persistences, persisting } from "./troubles";

/** What Lambda says of an invocation. */
export interface Invoked {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** The invocations of one execution environment. */
export class Invocations {
  readonly #parts: CanaryParts;
  /** How long runs have been breaking; kept here, because a run that breaks keeps no state. */
  #breaking: Persistences = {};

  constructor(parts: CanaryParts) {
    this.#parts = parts;
  }

  /**
   * Runs the canary, or only its look at permissions when an event of IAM says so. Ends normally whatever it finds; when
   * it breaks it says so to the backup region, at once and then every hour. Never throws.
   */
  async run(event: unknown, invoked: Invoked): Promise<CanaryReport | undefined> {
    const { logger, tracer } = this.#parts;
    const traced = await tracer.start(logger);
    try {
      const report = await tracer.traced(SPANS.handler, async () => {
        tracer.annotateInvocation();
        tracer.annotate("synthetic", true);
        logger.info("started", { request_id: invoked.awsRequestId });
        const done = isPermissionEvent(event)
          ? await runDriftCheck(this.#parts, traced)
          : await runCanary(this.#parts, traced, () => invoked.getRemainingTimeInMillis());
        logger.info("finished", { ...done });
        return done;
      });
      this.#breaking = {};
      return report;
    } catch (error) {
      logger.error("the canary broke", {}, error);
      await this.#tellOf(error, invoked.awsRequestId);
      return undefined;
    }
  }

  async #tellOf(error: unknown, runId: string): Promise<void> {
    const troubles = brokenTroubles(error);
    const lasting = persisting(this.#breaking, troubles);
    const telling = due(troubles, lasting, true);
    // The tracer may be what broke.
    const parts = { ...this.#parts, tracer: new GuardedTracer([]) };
    const told = await tell(parts, { runId, troubles: telling, traceIds: [] });
    this.#breaking = told ? markTold(lasting, telling) : lasting;
  }
}
