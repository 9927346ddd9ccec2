/** What can be wrong, in the words of an alert. */
export const TROUBLES = {
  canary_broke: "a run of the canary broke off",
  transaction_search: "traces go to CloudWatch Logs: Transaction Search is switched on",
  segments_refused: "X-Ray does not take test segments",
  segments_unprocessed: "X-Ray took the call but left test segments unprocessed",
  traces_lost: "test traces were sent and never found",
  traces_partial: "test traces stay partial",
  traces_unindexed: "test traces arrived and no search finds them",
  traces_unread: "traces cannot be looked up",
  traces_unreadable: "traces are indexed but cannot be read",
  completeness_low: "too few test traces of the last hour arrived",
  metrics_refused: "CloudWatch does not take metrics",
  metric_missing: "a metric that CloudWatch accepted is not there",
  metrics_unread: "metrics cannot be read back",
  api_trace_incomplete: "a request to the API failed, or its trace lacks a part",
  stream_trace_incomplete: "a stream failed, or its trace lacks a part",
  permission_drift: "a function may no longer write traces",
  inspection_failed: "permissions or versions cannot be inspected",
  state_unread: "the canary's own state cannot be read",
  state_unwritten: "the canary's own state cannot be written",
} as const;

/** Key of {@link TROUBLES}. */
export type TroubleKind = keyof typeof TROUBLES;

/** One thing that is wrong in this run. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** Whether it is told in the first run it is seen in; otherwise in the second of two in a row. */
  readonly atOnce: boolean;
  /** How much of it there is; what matters is whether it has become more. 0 where it is all or nothing. */
  readonly amount: number;
  /** Error codes, counts, names of functions and actions; nothing a client sent, no message of AWS's. */
  readonly detail: string;
}

/** How long a trouble has lasted. */
export interface Persistence {
  /** Runs in a row, this one included. */
  readonly runs: number;
  /** The run in which it was last told, counted likewise; 0 if never. */
  readonly told: number;
  /** Whether it was one to tell at once when it was last told. */
  readonly atOnce: boolean;
  /** How much of it there was when it was last told. */
  readonly amount: number;
}

/** Persistence of every trouble there is at the moment. */
export type Persistences = Readonly<Partial<Record<TroubleKind, Persistence>>>;

/** A trouble that goes on is told again after so many runs: an hour. */
const TELL_AGAIN_AFTER = 12;

const NEW: Persistence = { runs: 0, told: 0, atOnce: false, amount: 0 };

/** How long each trouble has lasted now; those that are over are forgotten. */
export function persisting(before: Persistences, troubles: readonly Trouble[]): Persistences {
  return Object.fromEntries(
    troubles.map(({ kind }) => {
      const persistence = before[kind] ?? NEW;
      return [kind, { ...persistence, runs: persistence.runs + 1 }];
    }),
  );
}

/** Whether one of some troubles is there for at least the second run in a row. */
export function lasting(before: Persistences, troubles: readonly Trouble[]): boolean {
  return troubles.some(({ kind }) => before[kind] !== undefined);
}

/**
 * The troubles to tell about in this run. What has been told is told again after an hour, and before that only when it
 * has become worse: more of it, or now one to tell at once.
 *
 * @param remembers whether the runs before are known; otherwise everything is told at once
 */
export function due(troubles: readonly Trouble[], now: Persistences, remembers: boolean): readonly Trouble[] {
  return troubles.filter(({ kind, atOnce, amount }) => {
    const before = now[kind] ?? NEW;
    if (before.told === 0) return atOnce || !remembers || before.runs >= 2;
    const worse = (atOnce && !before.atOnce) || amount > before.amount;
    return worse || before.runs - before.told >= TELL_AGAIN_AFTER;
  });
}

/** Notes which troubles have been told, and how bad they were. */
export function markTold(now: Persistences, told: readonly Trouble[]): Persistences {
  const marks = told.map(({ kind, atOnce, amount }) => {
    const { runs } = now[kind] ?? NEW;
    return [kind, { runs, told: runs, atOnce, amount }] as const;
  });
  return { ...now, ...Object.fromEntries(marks) };
}
