import { countsServerErrors } from "../../../policies/rules/front-doors";
import type { Action } from "../scenario";
import type { FunctionFacts } from "../world/functions";
import { trackWith } from "../world/track";
import type { Stage, Window } from "./stage";

type Errors = Extract<Action, { do: "errors" }>;

/** Slots after the first attempt at which Lambda tries again: one minute, then two more (Lambda guide, "Asynchronous invocation"). */
const RETRY_SLOTS = [0, 1, 3] as const;
/** Slots for which messages stay in a dead-letter queue after the last one arrived. */
const UNTIL_REDRIVEN = 30;

/** A share of some events, spread evenly, `most` of them at the most. */
function share(events: Float64Array, part: number, most: number, { from, to }: Window): Float64Array {
  const out = new Float64Array(events.length);
  let owed = 0;
  let left = most;
  for (let i = from; i < to; i++) {
    owed += (events[i] as number) * part;
    const failing = Math.min(Math.floor(owed + 1e-9), left);
    out[i] = failing;
    owed -= failing;
    left -= failing;
  }
  return out;
}

function moved(events: Float64Array, slots: number): Float64Array {
  const out = new Float64Array(events.length);
  out.set(events.subarray(0, Math.max(0, events.length - slots)), Math.min(slots, events.length));
  return out;
}

function addTo(total: Float64Array, more: Float64Array): void {
  for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + (more[i] as number);
}

/** Lets the handler of a function fail: what becomes of that depends on what it does with errors. */
export function failFunction(stage: Stage, fn: FunctionFacts, window: Window, action: Errors): void {
  if (fn.handlerErrors === "raised") crashFunction(stage, fn, window, action);
  else if (fn.handlerErrors === "answered") answerServerErrors(stage, fn, window, action);
}

/**
 * Lets runs of a function end in an error, whatever its handler does with its own: `Errors`, the retries of asynchronous
 * events among `Invocations`, and the dead-letter queue for events that failed every attempt. `attempts` says how many
 * attempts of an event fail; all by default.
 */
export function crashFunction(stage: Stage, fn: FunctionFacts, window: Window, action: Errors): void {
  const runs = stage.runs(fn);
  const failing = action.attempts ?? Number.POSITIVE_INFINITY;
  const certain = action.share === 1 || action.events !== undefined;
  const whole = { from: 0, to: runs.length };
  const invocations = runs.slice();
  const errors = new Float64Array(runs.length);
  let failed = share(runs, action.share, action.events ?? Number.POSITIVE_INFINITY, window);
  addTo(errors, failed);
  for (let attempt = 2; attempt <= fn.attempts && attempt <= RETRY_SLOTS.length; attempt++) {
    const wait = (RETRY_SLOTS[attempt - 1] as number) - (RETRY_SLOTS[attempt - 2] as number);
    const retried = moved(failed, wait);
    addTo(invocations, retried);
    const again = certain ? retried : share(retried, action.share, Number.POSITIVE_INFINITY, whole);
    failed = attempt <= failing ? again : new Float64Array(runs.length);
    addTo(errors, failed);
  }
  const counted = stage.lambdaMetric(fn, "invocations");
  if (counted !== undefined) {
    const value = invocations.map((count) => (count > 0 ? 1 : Number.NaN));
    stage.replace(counted.key, trackWith(value, invocations));
  }
  const raised = stage.lambdaMetric(fn, "errors");
  if (raised !== undefined) {
    const value = errors.map((count, i) => {
      const of = invocations[i] as number;
      return of > 0 ? count / of : Number.NaN;
    });
    stage.replace(raised.key, trackWith(value, invocations));
  }
  fillDeadLetters(stage, fn, failed, window);
}

/** Every request is one sample of 0 or 1 to the gateway or URL in front. */
function answerServerErrors(stage: Stage, fn: FunctionFacts, window: Window, action: Errors): void {
  const runs = stage.runs(fn);
  const failing = share(runs, action.share, action.events ?? Number.POSITIVE_INFINITY, window);
  const value = failing.map((count, i) => {
    const of = runs[i] as number;
    return of > 0 ? count / of : Number.NaN;
  });
  for (const { key, ref } of stage.world.series.values()) {
    if (countsServerErrors(ref, fn.doors)) stage.replace(key, trackWith(value.slice(), runs));
  }
}

function fillDeadLetters(stage: Stage, fn: FunctionFacts, dead: Float64Array, window: Window): void {
  const queue = [...stage.world.series.values()].find(
    (one) =>
      one.role === "queue" &&
      one.ref.name === "ApproximateNumberOfMessagesVisible" &&
      one.ref.dimensions["QueueName"] === fn.deadLetterQueue,
  );
  const last = dead.findLastIndex((count) => count > 0);
  const track = queue === undefined || last < 0 ? undefined : stage.own(queue.key);
  if (track === undefined) return;
  const end = Math.min(dead.length, Math.max(window.to, last + UNTIL_REDRIVEN));
  let waiting = 0;
  for (let i = 0; i < end; i++) {
    waiting += dead[i] as number;
    if (waiting > 0) track.value[i] = waiting;
  }
}
