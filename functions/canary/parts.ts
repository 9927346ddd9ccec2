import type { Config } from "../runtime/config";
import type { Logger } from "../runtime/logger";
import type { CanaryClients } from "./clients";
import type { Clock } from "./clock";
import type { GuardedTracer } from "./guarded-tracer";
import type { Backup } from "./owner";
import type { StateStore } from "./state";
import type { TroubleKind } from "./troubles";

/** What the canary works with. */
export interface CanaryParts {
  readonly config: Config<"canary">;
  /** Region of what it watches. */
  readonly region: string;
  /** Where it tells what it found. */
  readonly backup: Backup;
  readonly clients: CanaryClients;
  readonly tracer: GuardedTracer;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How a run ended. It always ends normally, whatever it found. */
export interface CanaryReport {
  /** Marker of the run. */
  readonly run: string;
  /** `degraded` when traces are late or unreadable and nothing is known to be lost (CAN-3). */
  readonly status: "healthy" | "degraded" | "failed";
  readonly troubles: readonly TroubleKind[];
  /** Whether an alert was published. */
  readonly alerted: boolean;
}
