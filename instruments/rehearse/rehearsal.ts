import type { EmitterKnowledge } from "../../policies/rules/knowledge";
import type { Unheard } from "../../policies/rules/nobody-hears/unheard-action";
import type { TerraformModel } from "../../policies/terraform/model";
import { type Alarm, isComposite } from "../cloudwatch";
import { assumptionsOf } from "./assumptions";
import { Doubts } from "./doubts";
import { expand, type NotApplicable } from "./expand";
import { Matrix } from "./matrix";
import { type Result, type Row, rowOf } from "./row";
import type { TierName } from "./scenario";
import { checkAgainst } from "./scenario-file";
import type { ScenarioFile } from "./scenario-schema";
import { compositeCanFire } from "./search/composite";
import { canFire, type Searched } from "./search/fire";
import type { FireVerdict } from "./search/verdict";
import { selects } from "./select";
import { describeRef } from "./world/series-facts";
import { type World, worldOf } from "./world/world";

/** Whether one alarm can fire. */
export interface AlarmReport {
  readonly name: string;
  readonly address: string;
  readonly pages: boolean;
  /** Why nobody hears it in ALARM; empty when somebody does. */
  readonly unheard: readonly Unheard[];
  /** What is taken for granted about its metrics because only the owner of the code could know. */
  readonly assumes: readonly string[];
  /** The metrics it watches, or its rule. */
  readonly watches: string;
  readonly verdict: FireVerdict;
}

/** Everything a rehearsal found out about one file. */
export interface Rehearsal {
  readonly file: string;
  readonly scenarioFile: string;
  readonly tier: TierName;
  readonly lagSeconds: number;
  readonly alarms: readonly AlarmReport[];
  readonly rows: readonly Row[];
  readonly notApplicable: readonly NotApplicable[];
}

/** What a rehearsal needs. */
export interface RehearsalInput {
  readonly file: string;
  readonly terraform: TerraformModel;
  readonly scenarioFile: string;
  readonly scenarios: ScenarioFile;
  readonly knowledge?: EmitterKnowledge;
  readonly tier: TierName;
  readonly lagSeconds: number;
  /** Called with what is done next. */
  readonly progress?: (text: string) => void;
}

/** The world of a file with what its scenario file says about normal days. */
export function worldFor(input: Pick<RehearsalInput, "terraform" | "scenarios" | "knowledge">): World {
  const { terraform, scenarios, knowledge } = input;
  const plain = worldOf(terraform, knowledge === undefined ? {} : { knowledge });
  const normal = (scenarios.normal ?? []).map(({ select, value, everySeconds }) => ({
    matches: (facts: Parameters<typeof selects>[2]) => selects(plain, select, facts),
    value,
    everySeconds,
  }));
  const { eventsPerMinute } = scenarios;
  return worldOf(terraform, {
    normal,
    ...(knowledge === undefined ? {} : { knowledge }),
    ...(eventsPerMinute === undefined ? {} : { eventsPerMinute }),
  });
}

/** What an alarm watches, in words. */
function watchesOf(alarm: Alarm): string {
  if (isComposite(alarm)) return alarm.signal.rule;
  if (alarm.signal.kind === "metric")
    return `${alarm.signal.statistic} of ${describeRef(alarm.signal.metric)}`;
  const returned = alarm.signal.returns;
  const query = alarm.signal.queries.find((one) => one.id === returned);
  if (query === undefined) return returned;
  return "expression" in query ? query.expression : `${query.statistic} of ${describeRef(query.metric)}`;
}

/** Searches for every alarm of a world whether it can fire; composites after what they are made of. */
export function searchAlarms(
  world: World,
  lagMs: number,
  each?: (done: number) => void,
): readonly AlarmReport[] {
  const byName = new Map(world.alarms.readable.map(({ alarm }) => [alarm.name, alarm]));
  const searched = new Map<string, Searched>();
  let done = 0;
  for (const { alarm } of world.alarms.readable) {
    if (!isComposite(alarm)) searched.set(alarm.name, canFire(world, alarm, lagMs));
    each?.(++done);
  }
  const readable = world.alarms.readable.map(({ alarm, address, pages, unheard }): AlarmReport => {
    const verdict = isComposite(alarm)
      ? compositeCanFire(world, alarm, byName, searched, lagMs)
      : (searched.get(alarm.name) as Searched).verdict;
    const assumes = verdict.kind === "fires" ? assumptionsOf(world, alarm) : [];
    const watches = watchesOf(alarm);
    return { name: alarm.name, address, pages: pages.length > 0, unheard, assumes, watches, verdict };
  });
  const unreadable = world.alarms.unreadable.map(
    ({ name, address, why, heard }): AlarmReport => ({
      name,
      address,
      pages: heard,
      unheard: [],
      assumes: [],
      watches: "",
      verdict: { kind: "could-not-evaluate", why },
    }),
  );
  return [...readable, ...unreadable];
}

/**
 * Rehearses the alarms of one file: can each fire, and which scenario raises which.
 *
 * @throws InputError when a scenario names a metric or function that is not there
 */
export function rehearse(input: RehearsalInput): Rehearsal {
  const { file, scenarioFile, tier, lagSeconds, progress } = input;
  const world = worldFor(input);
  checkAgainst(world, scenarioFile, input.scenarios.scenarios);
  const { played, notApplicable } = expand(world, input.scenarios.scenarios);
  const lagMs = lagSeconds * 1000;
  const total = world.alarms.readable.length;
  const alarms = searchAlarms(world, lagMs, (done) => progress?.(`searched ${done} of ${total} alarms`));
  const scenarios = played.map((one) => one.scenario);
  const matrix = new Matrix(world, lagMs, Matrix.daysFor(scenarios));
  const ambiguous = [...world.series.values()].some((one) => !one.certain);
  const namesOf = (which: (one: AlarmReport) => boolean) =>
    new Set(alarms.filter(which).map((one) => one.name));
  const doubts = new Doubts(
    world,
    namesOf((one) => one.verdict.kind === "could-not-evaluate"),
  );
  const assuming = namesOf((one) => one.assumes.length > 0);
  const rows = scenarios.map((scenario, i) => {
    progress?.(`playing scenario ${i + 1} of ${scenarios.length}`);
    return rowOf({ matrix, doubts, tier, ambiguous, assuming }, scenario);
  });
  return { file, scenarioFile, tier, lagSeconds, alarms, rows, notApplicable };
}

/** The rows with some results. */
export function rowsWith(rehearsal: Rehearsal, ...results: readonly Result[]): readonly Row[] {
  return rehearsal.rows.filter((row) => results.includes(row.result));
}
