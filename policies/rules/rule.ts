import type { Resource, TerraformModel } from "../terraform/model";
import type { EmitterKnowledge } from "./knowledge";
import type { Emissions, Promises } from "./promises";

/** What a rule looks at. */
export interface RuleInput {
  readonly terraform: TerraformModel;
  /** What the application promises to emit; absent for a stack that uses single constructs only, and for other people's plans. */
  readonly promises?: Promises;
  /** What the shipped bundles emit, by Lambda function name; present whenever `promises` is. */
  readonly emissions?: Readonly<Record<string, Emissions>>;
  /** What the owner of the application knows about its emitters; without it some rules could not evaluate. */
  readonly knowledge?: EmitterKnowledge;
  /** The most alarms the owner wants to pay for; absent when no budget was given. */
  readonly alarmBudget?: number;
}

/**
 * What a broken rule costs: `chain` and `house` hold for stacks made of our constructs only; the others for any plan.
 */
export const GROUPS = {
  chain: "links of the chain emit → permit → trace → alarm → show → page",
  house: "conventions of our own constructs",
  tracing: "traces that stop or never start",
  "cannot-fire": "alarms that cannot fire",
  lies: "alarms that lie",
  "nobody-hears": "alarms nobody hears",
  waste: "alarms and widgets that are wasted",
} as const;

/** One of {@link GROUPS}. */
export type Group = keyof typeof GROUPS;

/** `error`: it does not work. `warning`: it works badly, or only by luck. `note`: it could be better. */
export type RuleSeverity = "error" | "warning" | "note";

/** What a judgement is about: a resource, or something only the contract names. */
export interface Subject {
  /** Construct path, or Terraform address. */
  readonly path: string;
  /** Terraform address; acknowledgements name it. */
  readonly address: string;
}

/** A broken rule, told so that the reader can mend it. */
export interface Violation extends Subject {
  readonly outcome: "non-compliant";
  readonly found: string;
  readonly expected: string;
  readonly nextStep: string;
}

/** A subject the rule cannot decide on, and what would let it. */
export interface Undecided extends Subject {
  readonly outcome: "could-not-evaluate";
  /** What is not known. */
  readonly found: string;
  readonly nextStep: string;
}

/** A subject that is as it should be. */
export interface Compliance extends Subject {
  readonly outcome: "compliant";
}

/** What a rule says about one subject. A rule that says nothing does not apply. */
export type Judgement = Compliance | Violation | Undecided;

/** A guard-rail: a pure function from Terraform to judgements. */
export interface Rule {
  /** File name and rule id. */
  readonly id: string;
  readonly group: Group;
  readonly severity: RuleSeverity;
  /** The compliant state, as one sentence. */
  readonly statement: string;
  /** Why it matters, in a sentence. */
  readonly why: string;
  judge(input: RuleInput): readonly Judgement[];
}

/** A subject for something that is no resource, such as a metric of the contract. */
export function named(name: string): Subject {
  return { path: name, address: name };
}

function subject(of: Resource | Subject): Subject {
  return { path: of.path, address: of.address };
}

/** The subject is as it should be. */
export function compliant(of: Resource | Subject): Compliance {
  return { ...subject(of), outcome: "compliant" };
}

/** The subject breaks the rule. */
export function violation(
  of: Resource | Subject,
  told: { readonly found: string; readonly expected: string; readonly nextStep: string },
): Violation {
  return { ...subject(of), outcome: "non-compliant", ...told };
}

/** The file does not say enough about the subject. */
export function undecided(of: Resource | Subject, found: string, nextStep: string): Undecided {
  return { ...subject(of), outcome: "could-not-evaluate", found, nextStep };
}

/** One line of a failed synth: rule, path, found, expected, next step. */
export function describeViolation(rule: Rule, broken: Violation): string {
  return [
    `${rule.id}: ${broken.path}`,
    `    found:     ${broken.found}`,
    `    expected:  ${broken.expected}`,
    `    next step: ${broken.nextStep}`,
  ].join("\n");
}
