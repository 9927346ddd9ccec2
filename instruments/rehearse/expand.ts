import type { MetricRef } from "../cloudwatch";
import type { Effect, Scenario, Select } from "./scenario";
import { meets, selectedFunctions, selects } from "./select";
import { describeRef } from "./world/series-facts";
import type { World } from "./world/world";

/** A scenario for one function or metric, or as it is written. */
export interface Played {
  readonly scenario: Scenario;
  /** The scenario it comes from. */
  readonly of: string;
}

/** A scenario that concerns nothing in this file. */
export interface NotApplicable {
  readonly id: string;
  readonly title: string;
  readonly why: string;
}

function bind(effect: Effect, change: (select: Select) => Select): Effect {
  return { ...effect, select: change(effect.select) };
}

/** Names that a pattern would read as wildcards cannot occur in AWS function names. */
function forFunction(scenario: Scenario, name: string): Scenario {
  const change = (select: Select): Select =>
    select.function === "$each" ? { ...select, function: name } : select;
  const { each: _each, ...rest } = scenario;
  const title = scenario.title.replaceAll("$each", name);
  return {
    ...rest,
    id: `${scenario.id}:${name}`,
    title,
    effects: scenario.effects.map((one) => bind(one, change)),
  };
}

function perFunction(world: World, scenario: Scenario, select: Select): readonly Scenario[] {
  return selectedFunctions(world, { function: "*", ...select })
    .filter((fn) => fn.startedBy !== "nothing")
    .map((fn) => forFunction(scenario, fn.name));
}

/** Metric and dimension values, after the namespace where that alone does not tell two apart. */
function labelsOf(refs: readonly MetricRef[]): readonly string[] {
  const short = refs.map((ref) => [ref.name, ...Object.values(ref.dimensions)].join(","));
  return short.map((one, i) =>
    short.indexOf(one) === short.lastIndexOf(one) ? one : `${refs[i]?.namespace},${one}`,
  );
}

function perMetric(world: World, scenario: Scenario, select: Select): readonly Scenario[] {
  const { each: _each, ...rest } = scenario;
  const selected = [...world.series.values()].filter((facts) => selects(world, select, facts));
  const labels = labelsOf(selected.map((facts) => facts.ref));
  return selected.map((facts, i): Scenario => {
    const { namespace, name, dimensions } = facts.ref;
    const exact: Select = { namespace, metric: name, dimensions };
    return {
      ...rest,
      id: `${scenario.id}:${labels[i]}`,
      title: scenario.title.replaceAll("$each", describeRef(facts.ref)),
      effects: scenario.effects.map((one) =>
        bind(one, (own) => (Object.keys(own).length === 0 ? exact : own)),
      ),
    };
  });
}

/** Repeats scenarios for what they are about, and sets aside those that concern nothing in this file. */
export function expand(world: World, scenarios: readonly Scenario[]) {
  const played: Played[] = [];
  const notApplicable: NotApplicable[] = [];
  for (const scenario of scenarios) {
    const { each, id, title } = scenario;
    const copies =
      each === undefined
        ? [scenario]
        : "function" in each
          ? perFunction(world, scenario, each.function)
          : perMetric(world, scenario, each.metric);
    const meeting = copies.filter(
      (one) => one.effects.length === 0 || one.effects.some((effect) => meets(world, effect.select)),
    );
    if (meeting.length === 0) {
      const what = each !== undefined && "function" in each ? "function" : "watched metric";
      notApplicable.push({
        id,
        title: title.replaceAll("$each", "…"),
        why: `no ${what} of this file matches`,
      });
    }
    for (const one of meeting) played.push({ scenario: one, of: id });
  }
  return { played, notApplicable };
}
