/**
 * Decisions for every slot of a range, linear in the number of slots whatever N is. Periods of one alarm that end at the
 * same phase (slot modulo stride) form one sequence of datapoints; counts along it are prefix sums.
 */
import type { PointClass, Rule } from "./missing-data";
import { type Decision, verdict } from "./missing-data";

/** A classed datapoint that has no data. */
export const MISSING = 0;
/** A classed datapoint on the good side of the threshold. */
export const WITHIN = 1;
/** A classed datapoint beyond the threshold. */
export const BREACHING = 2;
/** Bit of a classed datapoint with too few samples behind it for its percentile. */
export const LOW_SAMPLE = 4;
const KIND = 3;

/** The name of a classed datapoint. */
export function className(code: number): PointClass {
  const kind = code & KIND;
  return kind === MISSING ? "missing" : kind === WITHIN ? "ok" : "breaching";
}

/**
 * The datapoints of one alarm, seen from every slot. From slot i, looking back one period at a time: first `silent`
 * periods whose data has not arrived, then (when `partial` is given) one that has partly, then complete ones.
 */
export interface Points {
  /** Class of the complete period that ends with slot i. */
  readonly full: Uint8Array;
  /** Class, seen from slot i, of the newest period with some data still on its way; absent when lag is whole periods. */
  readonly partial: Uint8Array | undefined;
  /** Periods wholly inside the ingestion lag, and what such a period is (a FILL makes it a datapoint). */
  readonly silent: number;
  readonly silentClass: number;
  /** Slots in a period. */
  readonly stride: number;
}

/** The evaluation range as slot i sees it, oldest first, `range` datapoints. Slots before the data are missing. */
export function pointsAt(points: Points, i: number, range: number): number[] {
  const seen: number[] = [];
  for (let k = range - 1; k >= 0; k--) {
    if (k < points.silent) seen.push(points.silentClass);
    else if (k === points.silent && points.partial !== undefined) seen.push(points.partial[i] as number);
    else seen.push(i - k * points.stride < 0 ? MISSING : (points.full[i - k * points.stride] as number));
  }
  return seen;
}

/** Codes in the answer of {@link decisions}. */
export const DECISIONS: readonly Decision[] = ["retain", "OK", "ALARM", "INSUFFICIENT_DATA"];
const CODE = { retain: 0, OK: 1, ALARM: 2, INSUFFICIENT_DATA: 3 } as const;

/**
 * For each slot from `first`, an index into {@link DECISIONS}. A datapoint marked LOW_SAMPLE among those that decide keeps
 * the state (user guide, "Percentile-based alarms and low data samples", setting `ignore`).
 */
export function decisions(points: Points, rule: Rule, range: number, first: number): Uint8Array {
  const { full, stride } = points;
  const answer = new Uint8Array(full.length);
  const most = Math.ceil(full.length / stride) + 1;
  /** Along one phase: real datapoints up to a position; and, by rank, position, breaching and low-sample ones so far. */
  const rankAt = new Uint32Array(most + 1);
  const positionOf = new Uint32Array(most + 1);
  const breachingTo = new Uint32Array(most + 1);
  const lowTo = new Uint32Array(most + 1);
  for (let phase = 0; phase < stride && phase < full.length; phase++) {
    let rank = 0;
    for (let j = 0, i = phase; i < full.length; j++, i += stride) {
      const code = full[i] as number;
      if ((code & KIND) !== MISSING) {
        rank++;
        positionOf[rank] = j;
        breachingTo[rank] = (breachingTo[rank - 1] as number) + ((code & KIND) === BREACHING ? 1 : 0);
        lowTo[rank] = (lowTo[rank - 1] as number) + (code & LOW_SAMPLE ? 1 : 0);
      }
      rankAt[j + 1] = rank;
      if (i >= first) answer[i] = decideAt(points, rule, range, i, j, rankAt, positionOf, breachingTo, lowTo);
    }
  }
  return answer;
}

function decideAt(
  points: Points,
  rule: Rule,
  range: number,
  i: number,
  j: number,
  rankAt: Uint32Array,
  positionOf: Uint32Array,
  breachingTo: Uint32Array,
  lowTo: Uint32Array,
): number {
  const n = rule.evaluationPeriods;
  let real = 0;
  let breaching = 0;
  let low = 0;
  let oldestAge = 0;
  const head = Math.min(range, points.silent + (points.partial === undefined ? 0 : 1));
  for (let k = 0; k < head; k++) {
    const code = k < points.silent ? points.silentClass : ((points.partial as Uint8Array)[i] as number);
    if ((code & KIND) === MISSING) continue;
    real++;
    oldestAge = k + 1;
    if (real > n) continue;
    if ((code & KIND) === BREACHING) breaching++;
    if (code & LOW_SAMPLE) low++;
  }
  const end = j - head;
  if (end >= 0 && range > head) {
    const last = rankAt[end + 1] as number;
    const before = rankAt[Math.max(0, end + 1 - (range - head))] as number;
    const tail = last - before;
    if (tail > 0) {
      const from = last - Math.min(tail, Math.max(0, n - real));
      breaching += (breachingTo[last] as number) - (breachingTo[from] as number);
      low += (lowTo[last] as number) - (lowTo[from] as number);
      real += tail;
      oldestAge = j - (positionOf[before + 1] as number) + 1;
    }
  }
  if (low > 0) return CODE.retain;
  return CODE[verdict({ real, breaching, oldestAge }, rule)];
}
