import * as v from "valibot";
import { awsMetric } from "../../policies/aws-metrics";
import { distance } from "../distance";
import { complaint } from "../knowledge-file";
import { InputError, readJson } from "../terraform-file";
import type { Scenario, Select } from "./scenario";
import { SCENARIO_FILE, type ScenarioFile } from "./scenario-schema";
import shipped from "./scenarios/scenarios.json";
import { isGlob } from "./select";
import type { World } from "./world/world";

/** How messages name the scenarios that come with the program. */
export const SHIPPED = "the shipped scenarios";

const EXPECTED =
  'a scenario file: {"scenarios": [{"id", "title", "kind": "fault" or "quiet", "lastsSeconds", "effects": []}]}';
const NEXT_STEP = "compare it with instruments/rehearse/scenarios/scenarios.json";

function checked(file: string, parsed: unknown): ScenarioFile {
  const result = v.safeParse(SCENARIO_FILE, parsed);
  if (!result.success) throw complaint(file, deepest(result.issues[0]), NEXT_STEP);
  const ids = result.output.scenarios.map((one) => one.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined)
    throw new InputError(`${file}: scenarios`, `two with the id ${twice}`, "one", "rename one of them");
  if (ids.length === 0) throw new InputError(`${file}: scenarios`, "none", "at least one", NEXT_STEP);
  return result.output;
}

/** Unions report themselves; the complaint inside says more. */
function deepest(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown> {
  const [inner] = issue.issues ?? [];
  return inner === undefined ? issue : deepest(inner);
}

/**
 * Reads a scenario file, or the shipped one.
 *
 * @throws InputError naming file, key, what was found and what was expected
 */
export function readScenarios(file: string | undefined): ScenarioFile {
  return file === undefined ? checked(SHIPPED, shipped) : checked(file, readJson(file, EXPECTED, NEXT_STEP));
}

function near(wanted: string, names: readonly string[]): string {
  const ranked = [...new Set(names)].sort(
    (a, b) =>
      distance(wanted.toLowerCase(), a.toLowerCase()) - distance(wanted.toLowerCase(), b.toLowerCase()),
  );
  return ranked.length === 0 ? "no metric at all" : ranked.slice(0, 3).join(", ");
}

function checkSelect(world: World, file: string, scenario: Scenario, select: Select): void {
  const { metric, namespace } = select;
  const place = `${file}: scenario ${scenario.id}`;
  if (metric !== undefined && !isGlob(metric)) {
    const names = [...world.series.values(), ...world.unread.values()].map((one) => one.ref.name);
    const published = namespace === "AWS/Lambda" && awsMetric(namespace, metric) !== undefined;
    if (!names.includes(metric) && !(published && world.functions.length > 0)) {
      const next = `did you mean ${near(metric, names)}? A pattern such as *${metric}* may match nothing`;
      throw new InputError(place, `the metric ${metric}, which no alarm watches`, "a watched metric", next);
    }
  }
  const fn = select.function;
  if (fn !== undefined && fn !== "$each" && !isGlob(fn) && !world.functions.some((one) => one.name === fn)) {
    const next = `did you mean ${near(
      fn,
      world.functions.map((one) => one.name),
    )}?`;
    throw new InputError(place, `the function ${fn}, which is not in the file`, "a Lambda function", next);
  }
}

/**
 * Checks that every metric and function a scenario names without wildcard is in the world.
 *
 * @throws InputError naming the scenario, the metric and near matches
 */
export function checkAgainst(world: World, file: string, scenarios: readonly Scenario[]): void {
  for (const scenario of scenarios) {
    const each = scenario.each === undefined ? [] : Object.values(scenario.each);
    for (const select of [...each, ...scenario.effects.map((one) => one.select)])
      checkSelect(world, file, scenario, select);
    const bound = scenario.each !== undefined && "function" in scenario.each;
    if (!bound && scenario.effects.some((one) => one.select.function === "$each"))
      throw new InputError(
        `${file}: scenario ${scenario.id}`,
        "$each",
        '"each": {"function": …} beside it',
        NEXT_STEP,
      );
  }
}
