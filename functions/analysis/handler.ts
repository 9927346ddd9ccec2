import type { Context, SNSEvent } from "aws-lambda";
import { SPANS } from "../../contract/spans";
import { asyncHandler, startRuntime } from "../runtime/handler";
import { tryRecords } from "../runtime/sns-records";
import { annotate, traced } from "../runtime/tracing";
import { evaluateAlerts } from "./alerts";
import { fanOut } from "./fanout";
import { markAnalyzed, markFannedOut } from "./item";
import { type AnalysisRequest, InvalidRequestError, readRequest } from "./request";
import { scoreText } from "./score";

const runtime = startRuntime("analysis");

/** What became of the records of an event. */
interface Analyzed {
  readonly analyzed: number;
  readonly duplicates: number;
}

/**
 * Runs once per SNS message. Records that had succeeded when another failed are recognised at the event's next try and
 * change nothing.
 */
export const handler = asyncHandler(
  runtime,
  async (event: SNSEvent, context): Promise<Analyzed> => {
    const { metrics, logger } = runtime;
    const records = event.Records ?? [];
    if (records.length === 0) {
      metrics.emit("AnalysisErrors", 1);
      throw new InvalidRequestError(
        "The event has no SNS records; only the analysis topic may invoke analysis.",
      );
    }
    const { results, error } = await tryRecords(
      records,
      logger,
      (record) => analyze(readRequest(record), context),
      () => metrics.emit("AnalysisErrors", 1),
    );
    if (error !== undefined) throw error;
    const duplicates = results.filter((result) => result === "duplicate").length;
    return { analyzed: records.length - duplicates, duplicates };
  },
  { metricsMustArrive: false },
);

async function analyze(request: AnalysisRequest, context: Context): Promise<"analyzed" | "duplicate"> {
  const { DATABASE_TABLE, MODEL_VERSION } = runtime.config.variables;
  const { source_id, republished } = request;
  const annotations = { source_id, republished, model_version: MODEL_VERSION };
  const score = await traced(
    SPANS.scoreText,
    () => {
      const scored = scoreText(request.text_for_analysis);
      annotate("sentiment", scored.sentiment);
      return scored;
    },
    annotations,
  );
  const fanout = await traced(
    SPANS.updateItem,
    () => markAnalyzed(request, score, MODEL_VERSION, DATABASE_TABLE, Date.now()),
    { source_id },
  );
  if (fanout === "done") {
    runtime.logger.info("duplicate delivery", { source_id });
    return "duplicate";
  }
  const remainingMs = () => context.getRemainingTimeInMillis();
  const { complete, ranges } = await fanOut(runtime, request, score, remainingMs);
  // Before the mark, so that an attempt that dies in between is tried again with its alerts.
  const article = { sourceId: source_id, tickers: request.matched_tickers, score: score.score, ranges };
  await evaluateAlerts(runtime, article, remainingMs);
  if (complete) await markFannedOut(request, DATABASE_TABLE);
  return "analyzed";
}
