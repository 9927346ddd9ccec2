import { COUNTED_SPAN } from "../../contract/trace-structure";
import { everyPiece, type Trace } from "../xray/trace";
import type { Finding } from "./finding";
import type { StreamVisit } from "./stream-visit";

/** Streams that are followed (VER-1). */
export const STREAMS = 10;
/** Share of their spans that must be there (VER-1). */
export const LEAST_RETAINED = 0.95;

const ENDED = "ended";
const CONDITIONS =
  "set SSE_MAX_STREAM_MS=15000 and SSE_POLL_INTERVAL=1 for the run, and see that articles come in meanwhile";

/** Spans of a trace that stand for an event, as many as were received at most. */
function retained({ TraceId, Events }: StreamVisit, traces: readonly Trace[]): number {
  const trace = traces.find(({ id }) => id === TraceId);
  if (trace === undefined) return 0;
  const ids = [...everyPiece(trace)].flatMap(({ name, id }) => (name === COUNTED_SPAN ? id : []));
  return Math.min(Events, new Set(ids).size);
}

/** Share of the events received whose span is there, 0 to 1; NaN without events. */
export function shareRetained(visits: readonly StreamVisit[], traces: readonly Trace[]): number {
  const wanted = visits.reduce((sum, { Events }) => sum + Events, 0);
  return visits.reduce((sum, visit) => sum + retained(visit, traces), 0) / wanted;
}

function judgeVisits(visits: readonly StreamVisit[]): Finding {
  const others = visits.filter(({ End }) => End !== ENDED).map(({ End }) => End);
  const thin = visits.filter(({ End, Events, Seconds }) => End === ENDED && Events < Seconds).length;
  const good = visits.length - others.length - thin;
  const problems = [...new Set(others), ...(thin === 0 ? [] : [`${thin} with less than an event a second`])];
  return {
    what: "streams followed to their end",
    found: [`${good} of ${visits.length}`, ...problems].join(", "),
    expected: `${STREAMS}, with an event a second`,
    verdict: good >= STREAMS ? "passed" : "undecided",
    nextStep: CONDITIONS,
  };
}

/**
 * [AWS] VER-1: doctor/gates/retention.ts
 *
 * Judges whether the spans of streams can be retrieved. A client sees how many there must be: every event it receives
 * has one.
 *
 * @param traces what was found a minute after the last stream had ended
 */
export function judgeRetention(visits: readonly StreamVisit[], traces: readonly Trace[]): readonly Finding[] {
  const share = shareRetained(visits, traces);
  const exceeded = traces.some(({ limitExceeded }) => limitExceeded);
  const percent = Math.floor(share * 1000) / 10;
  return [
    judgeVisits(visits),
    {
      what: "spans retrieved within a minute",
      found: Number.isNaN(share) ? "no events" : `${percent} %${exceeded ? ", X-Ray cut a trace off" : ""}`,
      expected: `at least ${LEAST_RETAINED * 100} %`,
      verdict: Number.isNaN(share) ? "undecided" : share >= LEAST_RETAINED ? "passed" : "failed",
      nextStep: "docs/runbooks/collector.md tells where spans get lost, from the function to X-Ray",
    },
  ];
}
