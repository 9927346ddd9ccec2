import type { Resource } from "../terraform/model";
import { compliant, type Judgement, undecided, violation } from "./rule";

/** What a rule finds out about one part of a subject; `undefined` where the rule does not apply. */
export type Finding =
  | { readonly kind: "good" }
  | { readonly kind: "bad"; readonly found: string; readonly expected: string; readonly nextStep: string }
  | { readonly kind: "unknown"; readonly found: string; readonly nextStep: string }
  | undefined;

/** The part is as it should be. */
export const GOOD: Finding = { kind: "good" };

/** The part breaks the rule. */
export function bad(found: string, expected: string, nextStep: string): Finding {
  return { kind: "bad", found, expected, nextStep };
}

/** The part cannot be decided on. */
export function unknown(found: string, nextStep: string): Finding {
  return { kind: "unknown", found, nextStep };
}

/** One judgement on a subject of many parts: broken by any broken one, then undecided by any unknown one. */
export function judged(subject: Resource, findings: readonly Finding[]): readonly Judgement[] {
  const broken = findings.flatMap((one) => (one?.kind === "bad" ? [one] : []));
  const [first] = broken;
  if (first !== undefined) {
    const found = [...new Set(broken.map((one) => one.found))].join("; ");
    return [violation(subject, { found, expected: first.expected, nextStep: first.nextStep })];
  }
  const open = findings.flatMap((one) => (one?.kind === "unknown" ? [one] : []));
  const [question] = open;
  if (question !== undefined) {
    return [undecided(subject, [...new Set(open.map((one) => one.found))].join("; "), question.nextStep)];
  }
  return findings.some((one) => one?.kind === "good") ? [compliant(subject)] : [];
}

/** What to do when a value is known only after apply. */
export const AFTER_APPLY = "check the state after apply, or write the value as a literal";

/** What to do when only the owner of the code can know. */
export const GIVE_KNOWLEDGE = "tell what the functions emit and log with --knowledge FILE";
