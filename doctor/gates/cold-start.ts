import type { Verdict } from "./finding";
import { percentile } from "./percentile";
import type { ColdStart } from "./report-line";

/** What a cold start may take at the 95th percentile, milliseconds (SSE-A9). */
export const LONGEST_MS = 2000;
/** What the collector may add to it, milliseconds (SSE-A9). */
export const COLLECTOR_SHARE_MS = 500;
/** Cold starts below which a 95th percentile says nothing. */
export const FEWEST = 20;

/** One duration the gate looked at. */
export interface ColdStartFinding {
  readonly what: string;
  /** Milliseconds; `undefined` when there are too few cold starts. */
  readonly foundMs: number | undefined;
  readonly limitMs: number;
  readonly verdict: Verdict;
  /** What to do unless it passed. */
  readonly nextStep: string;
}

function p95Of(starts: readonly ColdStart[]): number | undefined {
  if (starts.length < FEWEST) return undefined;
  return percentile(
    starts.map(({ initMs }) => initMs),
    95,
  );
}

function judged(
  what: string,
  foundMs: number | undefined,
  limitMs: number,
  nextStep: string,
): ColdStartFinding {
  const verdict = foundMs === undefined ? "undecided" : foundMs <= limitMs ? "passed" : "failed";
  return { what, foundMs, limitMs, verdict, nextStep };
}

/**
 * [AWS] SSE-A9: doctor/gates/cold-start.ts
 *
 * Judges how long an environment takes to start, and how much of it is the collector: the difference to the same code
 * without collector, which is what the image's `baseline` target is.
 *
 * @param baseline cold starts of the baseline image; absent when only the first question is asked
 */
export function judgeColdStarts(
  release: readonly ColdStart[],
  baseline: readonly ColdStart[] | undefined,
): readonly ColdStartFinding[] {
  const more = `fewer than ${FEWEST} cold starts were found: publish a version and call it in parallel, or look further back`;
  const own = p95Of(release);
  const total = judged(
    `cold start, p95 of ${release.length}`,
    own,
    LONGEST_MS,
    own === undefined ? more : "compare with the last release; memory, bundle and collector decide it",
  );
  if (baseline === undefined) return [total];
  const without = p95Of(baseline);
  const share = own === undefined || without === undefined ? undefined : Math.max(0, own - without);
  return [
    total,
    judged(
      `collector's share, against p95 of ${baseline.length} without it`,
      share,
      COLLECTOR_SHARE_MS,
      share === undefined ? more : "measure the next collector version, or raise memory",
    ),
  ];
}
