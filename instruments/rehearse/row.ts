import { guessedRhythms } from "./assumptions";
import type { Doubts } from "./doubts";
import type { Matrix, Pages } from "./matrix";
import { type Scenario, TIER_ORDER, type TierName } from "./scenario";

/**
 * What a scenario came to. `undecided`: it depends on what the file does not say, or on an alarm that could not be
 * evaluated.
 */
export type Result = "detected" | "undetected" | "not-promised" | "undecided" | "quiet" | "paged";

/** One row of the detection matrix. */
export interface Row {
  readonly scenario: Scenario;
  readonly result: Result;
  /** First page of each alarm that could be evaluated, seconds from the start. */
  readonly pages: Pages;
  /** Seconds to the first page of any of them. */
  readonly firstPage: number | undefined;
  /** When alarms fired that nobody hears, seconds from the start. */
  readonly unheard: Pages;
  /** True when every alarm that pages rests on something that was assumed. */
  readonly assumed: boolean;
  /** Why it is undecided. */
  readonly why?: string;
}

/** What rows are judged with. */
export interface Judging {
  readonly matrix: Matrix;
  readonly doubts: Doubts;
  readonly tier: TierName;
  /** True when the file cannot tell the emitter of some metric. */
  readonly ambiguous: boolean;
  /** Names of the alarms that rest on an assumption. */
  readonly assuming: ReadonlySet<string>;
}

/** Names shown one by one. */
const SHOWN = 3;

function named(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** What the result may hang on that is not known; `undefined` when nothing. */
function doubtOf(judging: Judging, scenario: Scenario, paged: Pages, unheard: Pages): string | undefined {
  const { matrix, doubts, ambiguous } = judging;
  if (ambiguous && matrix.pages(scenario, "possible").size > paged.size)
    return "the file does not say which function writes a metric; --knowledge does";
  const touched = doubts.touchedBy(scenario, new Set([...paged.keys(), ...unheard.keys()]));
  const names = [...new Set([...[...paged.keys()].filter((one) => doubts.names.has(one)), ...touched])];
  return names.length === 0 ? undefined : `${named(names)} could not be evaluated`;
}

/** Plays one scenario and says what it came to. */
export function rowOf(judging: Judging, scenario: Scenario): Row {
  const { matrix, doubts, tier, assuming } = judging;
  const { pages: paged, unheard } = matrix.reactions(scenario, "sure");
  const pages = new Map([...paged].filter(([name]) => !doubts.names.has(name)));
  const names = [...pages.keys()];
  const firstPage = pages.size === 0 ? undefined : Math.min(...pages.values());
  const assumed = names.length > 0 && names.every((name) => assuming.has(name));
  const base = { scenario, pages, firstPage, unheard, assumed };
  if (pages.size > 0) {
    if (scenario.kind === "fault") return { ...base, result: "detected" };
    const guessed = names.map((name) => guessedRhythms(matrix.world, name));
    if (guessed.some((one) => one.length === 0)) return { ...base, result: "paged" };
    const metrics = named([...new Set(guessed.flat())]);
    return {
      ...base,
      result: "undecided",
      why: `how often ${metrics} gets data is not known; --knowledge tells`,
    };
  }
  const promised = TIER_ORDER.indexOf(scenario.promisedFrom ?? "essential") <= TIER_ORDER.indexOf(tier);
  if (scenario.kind === "fault" && !promised) return { ...base, result: "not-promised" };
  const why = doubtOf(judging, scenario, paged, unheard);
  if (why !== undefined) return { ...base, result: "undecided", why };
  return { ...base, result: scenario.kind === "quiet" ? "quiet" : "undetected" };
}
