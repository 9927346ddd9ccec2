/** When a composite alarm acts, and when its suppressor holds it back. Source: user guide, "Suppressing composite alarm actions". */
import type { AlarmHistory, StateTransition } from "./alarm";
import type { AlarmState } from "./missing-data";
import { SECOND_MS } from "./period";

/** The suppressor of a composite alarm: another alarm, and two periods in seconds. */
export interface Suppressor {
  readonly alarm: string;
  /** How long a change of the composite waits for the suppressor to alarm. */
  readonly waitSeconds: number;
  /** How long actions stay suppressed after the suppressor leaves ALARM. */
  readonly extensionSeconds: number;
}

/** An action taken for a state, at epoch ms. */
export interface Action {
  readonly timeMs: number;
  readonly state: AlarmState;
}

/** A stretch in which an action was owed and held back; `toMs` is absent when the range ends first. */
export interface Suppression {
  readonly by: "WaitPeriod" | "ExtensionPeriod" | "Alarm";
  readonly fromMs: number;
  readonly toMs: number | undefined;
}

/** What reached anybody: the actions, and what held others back. */
export interface Actions {
  readonly actions: readonly Action[];
  readonly suppressions: readonly Suppression[];
}

/**
 * The actions of a composite up to `endMs`. A change of the composite waits `waitSeconds`; the suppressor going to ALARM
 * meanwhile takes over; leaving ALARM starts the extension; another change starts the wait anew. Whatever expires last
 * with a change still unanswered acts on the state of that moment. Changes at one instant come before timers that end
 * there, the suppressor's before the composite's. With no suppressor every change acts at once.
 */
export function actionsOf(
  composite: AlarmHistory,
  suppressor: AlarmHistory | undefined,
  timing: Suppressor | undefined,
  endMs: number,
): Actions {
  if (suppressor === undefined || timing === undefined) {
    const actions = composite.transitions.map(({ timeMs, to }) => ({ timeMs, state: to }));
    return { actions, suppressions: [] };
  }
  const actions: Action[] = [];
  const suppressions: Suppression[] = [];
  let state = composite.initialState;
  let blocked = suppressor.initialState === "ALARM";
  let owed = false;
  let hold: { by: Suppression["by"]; fromMs: number; endsMs: number } | undefined;

  const release = (timeMs: number) => {
    if (hold !== undefined && timeMs > hold.fromMs) {
      suppressions.push({ by: hold.by, fromMs: hold.fromMs, toMs: timeMs });
    }
    hold = undefined;
  };
  const holdBy = (by: Suppression["by"], fromMs: number, seconds: number) => {
    release(fromMs);
    hold = { by, fromMs, endsMs: fromMs + seconds * SECOND_MS };
  };
  const expire = (beforeMs: number) => {
    if (hold === undefined || hold.endsMs >= beforeMs) return;
    const timeMs = hold.endsMs;
    release(timeMs);
    if (owed) actions.push({ timeMs, state });
    owed = false;
  };

  for (const event of inOrder(suppressor.transitions, composite.transitions)) {
    expire(event.timeMs);
    if (event.source === "suppressor") {
      const was = blocked;
      blocked = event.to === "ALARM";
      if (!owed || was === blocked) continue;
      if (blocked) holdBy("Alarm", event.timeMs, Infinity);
      else holdBy("ExtensionPeriod", event.timeMs, timing.extensionSeconds);
    } else {
      state = event.to;
      owed = true;
      if (blocked && hold?.by === "Alarm") continue;
      holdBy(blocked ? "Alarm" : "WaitPeriod", event.timeMs, blocked ? Infinity : timing.waitSeconds);
    }
  }
  expire(endMs + 1);
  if (hold !== undefined) suppressions.push({ by: hold.by, fromMs: hold.fromMs, toMs: undefined });
  return { actions, suppressions };
}

type Event = StateTransition & { readonly source: "suppressor" | "composite" };

function inOrder(suppressor: readonly StateTransition[], composite: readonly StateTransition[]): Event[] {
  const events: Event[] = [
    ...suppressor.map((transition) => ({ ...transition, source: "suppressor" as const })),
    ...composite.map((transition) => ({ ...transition, source: "composite" as const })),
  ];
  return events.sort((a, b) => a.timeMs - b.timeMs); // stable: the suppressor stays first
}
