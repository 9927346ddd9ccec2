import type { JudgedService } from "../../contract/trace-structure";
import type { TraceSummary } from "../xray/summary";
import type { Finding } from "./finding";
import { percentile } from "./percentile";

/** Traces below which a 99th percentile says nothing (DEP-2). */
export const FEWEST_TRACES = 100;
/** What tracing may add to the 99th percentile, as a share of it (DEP-2). */
export const MOST_ADDED = 0.2;

function p99Of(summaries: readonly TraceSummary[]): number {
  return percentile(
    summaries.flatMap(({ responseTimeS, durationS }) => responseTimeS ?? durationS ?? []),
    99,
  );
}

/**
 * [AWS] DEP-2: doctor/gates/latency.ts
 *
 * Compares how long requests took before and after a release.
 *
 * @param releasedMs when the release went live, epoch milliseconds
 */
export function judgeLatency(
  service: JudgedService,
  summaries: readonly TraceSummary[],
  releasedMs: number,
): readonly Finding[] {
  const timed = summaries.filter(
    ({ responseTimeS, durationS }) => (responseTimeS ?? durationS) !== undefined,
  );
  const before = timed.filter(({ startMs }) => startMs < releasedMs);
  const after = timed.filter(({ startMs }) => startMs >= releasedMs);
  const what = `response time of ${service}, p99 of ${after.length} traces against ${before.length}`;
  const expected = `at most +${MOST_ADDED * 100} %, of ${FEWEST_TRACES} traces or more on each side`;
  if (Math.min(before.length, after.length) < FEWEST_TRACES)
    return [
      {
        what,
        found: "too few traces",
        expected,
        verdict: "undecided",
        nextStep:
          before.length < FEWEST_TRACES
            ? "look further back with --baseline-minutes; X-Ray keeps thirty days"
            : "wait for more requests, or sample more for a while",
      },
    ];
  const [old, now] = [p99Of(before), p99Of(after)];
  const added = now / old - 1;
  return [
    {
      what,
      found: `${Math.round(now * 1000)} ms against ${Math.round(old * 1000)} ms (${added < 0 ? "" : "+"}${Math.round(added * 100)} %)`,
      expected,
      verdict: added <= MOST_ADDED ? "passed" : "failed",
      nextStep: "compare two slow traces, one of each side: tracewright traces show ID",
    },
  ];
}
