import type { TimedService } from "../../contract/trace-structure";
import type { Trace } from "../xray/trace";
import type { Finding } from "./finding";
import { partsOf } from "./function-parts";
import { percentile } from "./percentile";

/** Traces below which a 99th percentile says nothing (DEP-2). */
export const FEWEST_TRACES = 100;
/** What tracing may add to the 99th percentile, as a share of it (DEP-2). */
export const MOST_ADDED = 0.2;

/** Lambda's type of a function's own segment; the service has another of the same name, which waits in queues, too. */
const FUNCTION_ORIGIN = "AWS::Lambda::Function";

/** A run of a function inside a trace. */
export interface TimedRun {
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly seconds: number;
}

/**
 * How long a function itself ran, in each trace that shows it: the root of a trace may be somebody else, who waits longer
 * or not at all. Of several runs in one trace the longest counts.
 */
export function runsOf(functionName: string, traces: readonly Trace[]): readonly TimedRun[] {
  return traces.flatMap((trace) => {
    const runs = partsOf(trace, functionName).segments.flatMap(({ origin, startS, endS }) =>
      origin === FUNCTION_ORIGIN && endS !== undefined
        ? [{ startMs: startS * 1000, seconds: endS - startS }]
        : [],
    );
    return runs.sort((a, b) => b.seconds - a.seconds).slice(0, 1);
  });
}

function p99Of(runs: readonly TimedRun[]): number {
  return percentile(
    runs.map(({ seconds }) => seconds),
    99,
  );
}

/**
 * [AWS] DEP-2: doctor/gates/latency.ts
 *
 * Compares how long a function ran before and after a release.
 *
 * @param releasedMs when the release went live, epoch milliseconds
 */
export function judgeLatency(
  service: TimedService,
  runs: readonly TimedRun[],
  releasedMs: number,
): readonly Finding[] {
  const before = runs.filter(({ startMs }) => startMs < releasedMs);
  const after = runs.filter(({ startMs }) => startMs >= releasedMs);
  const what = `running time of ${service}, p99 of ${after.length} traces against ${before.length}`;
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
