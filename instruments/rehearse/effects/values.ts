import type { Action } from "../scenario";
import type { SeriesFacts } from "../world/series-facts";
import { SLOT_SECONDS, type Track, trackWith } from "../world/track";
import type { Stage, Window } from "./stage";

type Change = Exclude<Action, { do: "traffic" } | { do: "errors" }>;

/** CloudWatch takes values up to 2^360 (API reference, MetricDatum). */
const VALUE_LIMIT = 2 ** 360;

function setCount(track: Track, slot: number, count: number): void {
  if (track.count !== undefined) track.count[slot] = count;
}

function silent({ value }: Track, { from, to }: Window): void {
  value.fill(Number.NaN, from, to);
}

/** Writes a value wherever the quiet day has a datapoint; at the metric's own pace where it never has one. */
function set(track: Track, quiet: Track, facts: SeriesFacts, { from, to }: Window, value: number): void {
  const reported = quiet.value.subarray(from, to).some((one) => !Number.isNaN(one));
  const pace = Math.max(1, Math.round(facts.everySeconds / SLOT_SECONDS));
  for (let i = from; i < to; i++) {
    if (reported ? Number.isNaN(quiet.value[i] as number) : (i - from) % pace !== 0) continue;
    track.value[i] = value;
    setCount(track, i, quiet.count?.[i] || 1);
  }
}

function map(
  track: Track,
  facts: SeriesFacts,
  { from, to }: Window,
  change: (value: number) => number,
): void {
  for (let i = from; i < to; i++) {
    const value = track.value[i] as number;
    if (Number.isNaN(value)) continue;
    track.value[i] = Math.max(-VALUE_LIMIT, Math.min(facts.limit, VALUE_LIMIT, change(value)));
  }
}

/** Moves datapoints in time; where two meet, CloudWatch merges them. */
function shift(track: Track, { from, to }: Window, slots: number): Track {
  const length = track.value.length;
  const value = track.value.slice();
  const count = new Float64Array(length);
  for (let i = 0; i < length; i++) count[i] = Number.isNaN(value[i] as number) ? 0 : (track.count?.[i] ?? 1);
  value.fill(Number.NaN, from, to);
  count.fill(0, from, to);
  for (let i = from; i < to; i++) {
    const one = track.value[i] as number;
    const target = i + slots;
    if (Number.isNaN(one) || target < 0 || target >= length) continue;
    const weight = track.count?.[i] ?? 1;
    const there = count[target] as number;
    value[target] = there === 0 ? one : ((value[target] as number) * there + one * weight) / (there + weight);
    count[target] = there + weight;
  }
  return trackWith(value, count);
}

/** Applies an effect on values to one metric. */
export function changeValues(stage: Stage, facts: SeriesFacts, window: Window, action: Change): void {
  const track = stage.own(facts.key);
  const quiet = stage.day.tracks.get(facts.key);
  if (track === undefined || quiet === undefined || facts.never !== undefined) return;
  if (action.do === "silent") silent(track, window);
  else if (action.do === "set") set(track, quiet, facts, window, Math.min(facts.limit, action.value));
  else if (action.do === "multiply") map(track, facts, window, (value) => value * action.by);
  else if (action.do === "add") map(track, facts, window, (value) => value + action.value);
  else if (action.do === "shift") {
    stage.replace(facts.key, shift(track, window, Math.round(action.seconds / SLOT_SECONDS)));
  } else if (Number.isFinite(facts.limit)) set(track, quiet, facts, window, action.share * facts.limit);
}
