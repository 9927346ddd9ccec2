import { SERVICES } from "../../contract/services";
import { asyncHandler, startRuntime } from "../runtime/handler";
import { ActiveTickers } from "./active-tickers";
import { writeAudit } from "./audit";
import { ingest, type RunResult } from "./ingest";

const runtime = startRuntime("ingestion");
const activeTickers = new ActiveTickers(runtime.config.variables.USERS_TABLE);

/** Half of the function's timeout, milliseconds. */
const SLOW_MS = (SERVICES.ingestion.timeoutSeconds * 1000) / 2;

/**
 * Runs every five minutes. Failed vendors and the seven silent-failure paths do not fail it; anything else does, after
 * the audit record is written, so that Lambda retries (D6).
 */
export const handler = asyncHandler(
  runtime,
  async (_event: unknown, context): Promise<RunResult> => {
    const startedAt = Date.now();
    const { USERS_TABLE } = runtime.config.variables;
    const audit = (
      status: "success" | "partial" | "failed",
      counts: Record<string, number>,
      error?: unknown,
    ) =>
      writeAudit(
        { status, counts, error, requestId: context.awsRequestId, durationMs: Date.now() - startedAt },
        USERS_TABLE,
        startedAt,
        runtime.silentFailures,
      );
    try {
      const result = await ingest(runtime, activeTickers, startedAt, () =>
        context.getRemainingTimeInMillis(),
      );
      const { statusCode, ...counts } = result;
      await audit(statusCode === 200 ? "success" : "partial", counts);
      return result;
    } catch (error) {
      await audit("failed", {}, error);
      throw error;
    } finally {
      if (Date.now() - startedAt > SLOW_MS) runtime.metrics.emit("HighLatencyAlert", 1);
    }
  },
  { metricsMustArrive: false },
);
