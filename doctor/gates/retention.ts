import { COUNTED_SPAN } from "../../contract/trace-structure";
import { everyPiece, type Trace } from "../xray/trace";
import type { Finding } from "./finding";
import type { StreamVisit } from "./stream-visit";

/** Streams that are followed (VER-1). */
export const STREAMS = 10;
/** Share of their spans that must be there (VER-1). */
export const LEAST_RETAINED = 0.95;

/** Seconds each of them is asked to last (VER-1). */
export const STREAM_SECONDS = 15;
/** Seconds below which a stream has been a shorter one: its end is up to a second early or late. */
const LEAST_SECONDS = STREAM_SECONDS - 1;

const ENDED = "ended";
const CONDITIONS =
  "see that articles of several tickers come in meanwhile; a stage whose SSE_MAX_STREAM_MS is less than 15000 ends streams sooner";

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
  const ended = visits.filter(({ End }) => End === ENDED);
  const long = ended.filter(({ Seconds }) => Seconds >= LEAST_SECONDS);
  const full = long.filter(({ Events, Seconds }) => Events >= Seconds);
  const good = new Set(full.map(({ TraceId }) => TraceId)).size;
  const [short, thin, twice] = [ended.length - long.length, long.length - full.length, full.length - good];
  const problems = [
    ...new Set(others),
    ...(short === 0 ? [] : [`${short} shorter than ${STREAM_SECONDS} s`]),
    ...(thin === 0 ? [] : [`${thin} with less than an event a second`]),
    ...(twice === 0 ? [] : [`${twice} under the trace id of another`]),
  ];
  return {
    what: "streams followed to their end",
    found: [`${good} of ${visits.length}`, ...problems].join(", "),
    expected: `${STREAMS} of ${STREAM_SECONDS} s, with an event a second`,
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
