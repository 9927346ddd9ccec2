import { gathered } from "./assumptions";
import type { Rehearsal } from "./rehearsal";
import { sumsOf } from "./text";

/** The report as JSON: every alarm's verdict, every scenario's result with its pages, what was assumed, and the sums. */
export function forMachines(rehearsal: Rehearsal): unknown {
  const { file, scenarioFile, tier, lagSeconds, notApplicable } = rehearsal;
  return {
    file,
    scenarioFile,
    tier,
    lagSeconds,
    sums: sumsOf(rehearsal),
    alarms: rehearsal.alarms.map(({ verdict, ...alarm }) => {
      if (verdict.kind !== "fires") return { ...alarm, ...verdict };
      const { plot: _plot, ...shown } = verdict;
      return { ...alarm, ...shown };
    }),
    assumptions: gathered(rehearsal.alarms),
    scenarios: rehearsal.rows.map(({ scenario, result, pages, firstPage, unheard, assumed, why }) => ({
      id: scenario.id,
      title: scenario.title,
      kind: scenario.kind,
      result,
      firstPageSeconds: firstPage ?? null,
      pages: Object.fromEntries(pages),
      unheard: Object.fromEntries(unheard),
      assumed,
      ...(why === undefined ? {} : { why }),
    })),
    notApplicable,
  };
}
