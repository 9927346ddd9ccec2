import type { Evidence, Survey } from "./evidence";
import type { FunctionalRequirement } from "./requirement";

const NOTHING: Evidence = { tests: [], sources: [], gates: [], benches: [] };

/** How far a requirement is proved: by a test that runs, by a script for real AWS, by a bench, or not yet. */
export type Standing = "tested" | "gate" | "measured" | "open";

/** What the repository says about an id; nothing for one that is never cited. */
export function evidenceOf({ evidence }: Survey, id: string): Evidence {
  return evidence.get(id) ?? NOTHING;
}

/** How far an id of its own is proved. */
export function standingOf({ tests, gates, benches }: Evidence): Standing {
  if (tests.length > 0) return "tested";
  if (gates.length > 0) return "gate";
  return benches.length > 0 ? "measured" : "open";
}

/** How far something that lives on in other ids is proved. */
export type CarriedStatus = "tested" | "process only" | "open" | "partly tested" | "`[AWS]` gate";

/** Status of a functional requirement or a success criterion: its own tests, or else those of what carries it. */
export function carriedStatus(survey: Survey, one: FunctionalRequirement): CarriedStatus {
  if (evidenceOf(survey, one.id).tests.length > 0) return "tested";
  if (one.carriers.length === 0) return "process only";
  const standings = one.carriers.map((id) => standingOf(evidenceOf(survey, id)));
  if (standings.every((standing) => standing === "tested")) return "tested";
  if (standings.every((standing) => standing === "open")) return "open";
  return standings.includes("open") ? "partly tested" : "`[AWS]` gate";
}
