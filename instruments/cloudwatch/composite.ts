/** Composite alarms, and whole sets of alarms that refer to each other. Source: user guide, "Create a composite alarm". */
import {
  type AlarmHistory,
  type EvaluationOptions,
  evaluateAlarm,
  type MetricAlarm,
  type StateTransition,
  type TimeRange,
} from "./alarm";
import type { MetricData } from "./metric";
import type { AlarmState } from "./missing-data";
import { type CouldNotEvaluate, couldNotEvaluate, isCouldNotEvaluate } from "./outcome";
import { alarmNameOf, alarmsIn, holds, parseRule, type RuleNode } from "./rule";
import { type Action, actionsOf, type Suppression, type Suppressor } from "./suppression";

/** An alarm over the states of other alarms. */
export interface CompositeAlarm {
  readonly name: string;
  readonly signal: {
    readonly kind: "composite";
    /** Terraform's `alarm_rule`. */
    readonly rule: string;
    /** Terraform's `actions_suppressor`. Default none. */
    readonly suppressor?: Suppressor;
  };
}

/** Any alarm. */
export type Alarm = MetricAlarm | CompositeAlarm;

/** Tells the two apart by their signal. */
export function isComposite(alarm: Alarm): alarm is CompositeAlarm {
  return alarm.signal.kind === "composite";
}

/** An alarm's states, and what it did about them: `actions` are the changes that reached its action list. */
export interface SetEntry {
  readonly history: AlarmHistory;
  readonly actions: readonly Action[];
  readonly suppressions: readonly Suppression[];
}

/**
 * Evaluates alarms together, composites from their children's transitions. One entry a name, in the order given; a name
 * used twice, a rule that does not parse, an unknown child, a cycle (spelled out) and a child that could not be evaluated
 * each refuse the alarm they concern, not the others. Never throws.
 *
 * @param evaluate evaluates one metric alarm; a caller may remember what that gave
 */
export function evaluateAlarms(
  alarms: readonly Alarm[],
  data: MetricData,
  range: TimeRange,
  options: EvaluationOptions = {},
  evaluate: typeof evaluateAlarm = evaluateAlarm,
): Map<string, SetEntry | CouldNotEvaluate> {
  const byName = new Map(alarms.map((alarm) => [alarm.name, alarm]));
  const twice = new Set(alarms.map(({ name }) => name).filter((name, i, all) => all.indexOf(name) !== i));
  const histories = new Map<string, AlarmHistory | CouldNotEvaluate>();
  const rules = new Map<string, RuleNode | CouldNotEvaluate>();
  for (const alarm of byName.values())
    if (isComposite(alarm)) rules.set(alarm.name, parseRule(alarm.signal.rule));

  for (const alarm of byName.values()) {
    if (twice.has(alarm.name))
      histories.set(alarm.name, couldNotEvaluate(alarm.name, "is the name of two alarms"));
    else if (!isComposite(alarm)) histories.set(alarm.name, evaluate(alarm, data, range, options));
  }
  for (const name of childrenFirst(rules, histories)) {
    histories.set(name, compositeHistory(rules.get(name) as RuleNode, histories, range, options));
  }

  const answer = new Map<string, SetEntry | CouldNotEvaluate>();
  for (const alarm of byName.values()) {
    const history = histories.get(alarm.name) as AlarmHistory | CouldNotEvaluate;
    answer.set(
      alarm.name,
      isCouldNotEvaluate(history) ? history : withActions(alarm, history, histories, range),
    );
  }
  return answer;
}

function withActions(
  alarm: Alarm,
  history: AlarmHistory,
  histories: ReadonlyMap<string, AlarmHistory | CouldNotEvaluate>,
  range: TimeRange,
): SetEntry | CouldNotEvaluate {
  const timing = isComposite(alarm) ? alarm.signal.suppressor : undefined;
  if (timing === undefined) return { history, ...actionsOf(history, undefined, undefined, range.endMs) };
  const name = alarmNameOf(timing.alarm);
  const suppressor = histories.get(name);
  if (suppressor === undefined)
    return couldNotEvaluate(name, `suppresses ${alarm.name} and is not among the alarms`);
  if (isCouldNotEvaluate(suppressor)) {
    return couldNotEvaluate(name, `suppresses ${alarm.name} and could not be evaluated: ${suppressor.why}`);
  }
  for (const [key, seconds] of [
    ["waitSeconds", timing.waitSeconds],
    ["extensionSeconds", timing.extensionSeconds],
  ] as const) {
    if (!Number.isInteger(seconds) || seconds < 0) {
      return couldNotEvaluate(key, `${seconds} is not 0 or more whole seconds`);
    }
  }
  return { history, ...actionsOf(history, suppressor, timing, range.endMs) };
}

/**
 * Composite names, every child before its parents; those on or above a cycle, or with a child that is unknown or a rule
 * that does not parse, are entered into `histories` as refused instead. Iterative: a chain may be as long as the set.
 */
function childrenFirst(
  rules: ReadonlyMap<string, RuleNode | CouldNotEvaluate>,
  histories: Map<string, AlarmHistory | CouldNotEvaluate>,
): string[] {
  const order: string[] = [];
  const done = new Set<string>();
  for (const root of rules.keys()) {
    const path: { name: string; children: string[] }[] = [];
    const enter = (name: string) => {
      const rule = rules.get(name);
      path.push({ name, children: rule === undefined || isCouldNotEvaluate(rule) ? [] : alarmsIn(rule) });
    };
    if (!done.has(root) && !histories.has(root)) enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const child = top.children.shift();
      if (child !== undefined) {
        const at = path.findIndex(({ name }) => name === child);
        if (at >= 0) {
          const cycle = [...path.slice(at).map(({ name }) => name), child].join(" -> ");
          for (const { name } of path.slice(at)) {
            if (!histories.has(name)) {
              histories.set(name, couldNotEvaluate(name, `is in a cycle of composite alarms: ${cycle}`));
            }
          }
        } else if (rules.has(child) && !done.has(child) && !histories.has(child)) enter(child);
        continue;
      }
      path.pop();
      done.add(top.name);
      const rule = rules.get(top.name);
      if (histories.has(top.name)) continue;
      if (isCouldNotEvaluate(rule)) histories.set(top.name, rule);
      else order.push(top.name);
    }
  }
  return order;
}

function compositeHistory(
  rule: RuleNode,
  histories: ReadonlyMap<string, AlarmHistory | CouldNotEvaluate>,
  range: TimeRange,
  options: EvaluationOptions,
): AlarmHistory | CouldNotEvaluate {
  const states = new Map<string, AlarmState>();
  const changes: (StateTransition & { readonly alarm: string })[] = [];
  for (const alarm of alarmsIn(rule)) {
    const child = histories.get(alarm);
    if (child === undefined) return couldNotEvaluate(alarm, "is in the rule and not among the alarms");
    if (isCouldNotEvaluate(child)) {
      return couldNotEvaluate(alarm, `is in the rule and could not be evaluated: ${child.what} ${child.why}`);
    }
    states.set(alarm, child.initialState);
    for (const transition of child.transitions) changes.push({ ...transition, alarm });
  }
  changes.sort((a, b) => a.timeMs - b.timeMs);
  const initialState = options.initialState ?? "INSUFFICIENT_DATA";
  const transitions: StateTransition[] = [];
  let state = initialState;
  let evaluations = 0;
  const evaluate = (timeMs: number, reason: string) => {
    evaluations++;
    const to = holds(rule, (alarm) => states.get(alarm) as AlarmState) ? "ALARM" : "OK";
    if (to === state) return;
    transitions.push({ timeMs, from: state, to, reason });
    state = to;
  };
  evaluate(range.startMs, "the rule was evaluated for the first time");
  for (let i = 0; i < changes.length; i++) {
    const change = changes[i] as (typeof changes)[number];
    states.set(change.alarm, change.to);
    if (changes[i + 1]?.timeMs === change.timeMs) continue; // children that change together are one change
    evaluate(change.timeMs, `${change.alarm} went from ${change.from} to ${change.to}`);
  }
  return { kind: "evaluated", initialState, finalState: state, transitions, evaluations };
}
