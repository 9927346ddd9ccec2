/** What can be wrong, in the words of an alert. */
export const TROUBLES = {
  segments_refused: "X-Ray does not take test segments",
  segments_unprocessed: "X-Ray took the call but left test segments unprocessed",
  traces_lost: "test traces were sent and never found",
  traces_partial: "test traces stay partial",
  traces_unread: "traces cannot be looked up",
  traces_unreadable: "traces are indexed but cannot be read; Transaction Search may be switched on",
  completeness_low: "too few test traces of the last hour arrived",
  metrics_refused: "CloudWatch does not take metrics",
  metric_missing: "a metric that CloudWatch accepted is not there",
  metrics_unread: "metrics cannot be read back",
  api_trace_incomplete: "the trace of a request to the API lacks a part",
  stream_trace_incomplete: "the trace of a stream lacks a part",
  permission_drift: "a function may no longer write traces",
  inspection_failed: "permissions or versions cannot be inspected",
  state_unread: "the canary's own state cannot be kept",
} as const;

/** Key of {@link TROUBLES}. */
export type TroubleKind = keyof typeof TROUBLES;

/** One thing that is wrong in this run. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** Whether it is told in the first run it is seen in; otherwise in the second of two in a row. */
  readonly atOnce: boolean;
  /** Error codes, counts, names of functions and actions; nothing a client sent, no message of AWS's. */
  readonly detail: string;
}

/** How long a trouble has lasted. */
export interface Persistence {
  /** Runs in a row, this one included. */
  readonly runs: number;
  /** The run in which it was last told, counted likewise; 0 if never. */
  readonly told: number;
}

/** Persistence of every trouble there is at the moment. */
export type Persistences = Readonly<Partial<Record<TroubleKind, Persistence>>>;

/** A trouble that goes on is told again after so many runs: an hour. */
const TELL_AGAIN_AFTER = 12;

/** How long each trouble has lasted now; those that are over are forgotten. */
export function persisting(before: Persistences, troubles: readonly Trouble[]): Persistences {
  return Object.fromEntries(
    troubles.map(({ kind }) => {
      const { runs, told } = before[kind] ?? { runs: 0, told: 0 };
      return [kind, { runs: runs + 1, told }];
    }),
  );
}

/** Whether one of some troubles is there for at least the second run in a row. */
export function lasting(before: Persistences, troubles: readonly Trouble[]): boolean {
  return troubles.some(({ kind }) => before[kind] !== undefined);
}

/**
 * The troubles to tell about in this run.
 *
 * @param remembers whether the runs before are known; otherwise everything is told at once
 */
export function due(troubles: readonly Trouble[], now: Persistences, remembers: boolean): readonly Trouble[] {
  return troubles.filter(({ kind, atOnce }) => {
    const { runs, told } = now[kind] ?? { runs: 1, told: 0 };
    if (told > 0) return runs - told >= TELL_AGAIN_AFTER;
    return atOnce || !remembers || runs >= 2;
  });
}

/** Notes which troubles have been told. */
export function markTold(now: Persistences, told: readonly Trouble[]): Persistences {
  const marks = told.map(({ kind }) => {
    const runs = now[kind]?.runs ?? 1;
    return [kind, { runs, told: runs }] as const;
  });
  return { ...now, ...Object.fromEntries(marks) };
}
