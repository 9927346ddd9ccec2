import { BatchGetTracesCommand, GetTraceSummariesCommand, type XRayClient } from "@aws-sdk/client-xray";
import { CANARY } from "../../contract/canary";
import type { AnnotationKey } from "../../contract/spans";
import type { Logger } from "../runtime/logger";
import type { Clock } from "./clock";
import { type ReadTrace, readTrace } from "./read-trace";
import type { Run, Submission } from "./segments";

/** What X-Ray knew at one look. */
export interface Look {
  /** Test traces that are indexed. */
  readonly indexed: ReadonlySet<string>;
  /** Those of them that are still partial. */
  readonly partial: ReadonlySet<string>;
  /** Traces that could be read, by id. */
  readonly traces: ReadonlyMap<string, ReadTrace>;
}

/** What is looked for. */
export interface Wanted {
  readonly run: Run;
  readonly submission: Submission;
  /** Traces of the requests to the API and the stream. */
  readonly others: readonly string[];
  /** Whether a look leaves nothing to wait for. */
  readonly satisfied: (look: Look) => boolean;
}

/** What came of all looks: the last one that succeeded, and the error if the very last did not. */
export interface Findings {
  readonly look?: Look;
  readonly error?: unknown;
}

/** What BatchGetTraces takes at once. */
const BATCH_SIZE = 5;
/** Pages of summaries read at most; one run has five traces. */
const PAGES = 5;
/** Milliseconds of one look, retries included. */
const LOOK_MS = 8000;
/**
 * Milliseconds kept back for the last look and what follows it, were every call to wait for its last attempt: a look
 * takes 8 s, the question after it 3 s, metrics 9.8 s, alert, state and an alert about the state 9.5 s each.
 */
const RESERVE_MS = 52_000;
/** A trace's time is told in whole seconds, so the window begins a little earlier. */
const LEAD_MS = 60_000;

async function summaries(xray: XRayClient, run: Run, now: number, signal: AbortSignal) {
  const [synthetic, marker]: readonly AnnotationKey[] = ["synthetic", "canary_run"];
  const indexed = new Set<string>();
  const partial = new Set<string>();
  let NextToken: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await xray.send(
      new GetTraceSummariesCommand({
        StartTime: new Date(run.startedAt - LEAD_MS),
        EndTime: new Date(now),
        // A sample of the summaries would be a loss of the canary's own making (CAN-13).
        Sampling: false,
        FilterExpression: `annotation.${synthetic} = true AND annotation.${marker} = "${run.id}"`,
        NextToken,
      }),
      { abortSignal: signal },
    );
    for (const { Id, IsPartial } of answer.TraceSummaries ?? []) {
      if (Id === undefined) continue;
      indexed.add(Id);
      if (IsPartial === true) partial.add(Id);
      else partial.delete(Id);
    }
    NextToken = answer.NextToken;
    if (NextToken === undefined) break;
  }
  return { indexed, partial };
}

async function readable(xray: XRayClient, ids: readonly string[], signal: AbortSignal) {
  const traces = new Map<string, ReadTrace>();
  for (let start = 0; start < ids.length; start += BATCH_SIZE) {
    const TraceIds = ids.slice(start, start + BATCH_SIZE);
    const { Traces = [] } = await xray.send(new BatchGetTracesCommand({ TraceIds }), {
      abortSignal: signal,
    });
    for (const trace of Traces) if (trace.Id !== undefined) traces.set(trace.Id, readTrace(trace));
  }
  return traces;
}

async function lookOnce(xray: XRayClient, wanted: Wanted, now: number): Promise<Look> {
  const signal = AbortSignal.timeout(LOOK_MS);
  const ids = [...wanted.submission.traceIds, ...wanted.others];
  const [found, traces] = await Promise.all([
    summaries(xray, wanted.run, now, signal),
    readable(xray, ids, signal),
  ]);
  return { ...found, traces };
}

/**
 * Looks for traces 30 s after they were sent, and again at 60 s unless all is there. What is not indexed and what is
 * lost cannot be told apart before the last look (CAN-2). When time runs out the last look comes early. Never throws.
 *
 * @param remainingMs until Lambda ends the run
 */
export async function lookUp(
  xray: XRayClient,
  wanted: Wanted,
  { clock, logger, remainingMs }: { clock: Clock; logger: Logger; remainingMs: () => number },
): Promise<Findings> {
  let findings: Findings = {};
  for (const afterSeconds of CANARY.lookUpsAfterSeconds) {
    const due = wanted.submission.submittedAt + afterSeconds * 1000 - clock.now();
    const affordable = remainingMs() - RESERVE_MS;
    await clock.sleep(Math.max(0, Math.min(due, affordable)));
    try {
      const look = await lookOnce(xray, wanted, clock.now());
      findings = { look };
      if (wanted.satisfied(look)) break;
    } catch (error) {
      findings = { ...findings, error };
      logger.warn("traces were not looked up", { after_seconds: afterSeconds }, error);
    }
    if (affordable <= due) break;
  }
  return findings;
}
