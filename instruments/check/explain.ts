import { PLAN_RULES } from "../../policies/rules/registry";
import { GROUPS, type Rule } from "../../policies/rules/rule";
import { InputError } from "../terraform-file";

/** One rule as a page: what holds, why it matters, what a finding of it means. */
export function explanation(rule: Rule): string {
  const meaning = {
    error: "error: it does not work as it is",
    warning: "warning: it works badly, or only by luck",
    note: "note: it could be better",
  } as const;
  return [
    rule.id,
    "",
    `  Rule      ${rule.statement}`,
    `  Why       ${rule.why}`,
    `  Group     ${rule.group}: ${GROUPS[rule.group]}`,
    `  Severity  ${meaning[rule.severity]}`,
  ].join("\n");
}

/**
 * The rule of an id.
 *
 * @throws InputError with the ids that look alike when there is none
 */
export function ruleNamed(id: string): Rule {
  const rule = PLAN_RULES.find((one) => one.id === id);
  if (rule !== undefined) return rule;
  const words = id.split("-");
  const alike = PLAN_RULES.map((one) => one.id).filter((one) =>
    words.some((word) => one.split("-").includes(word)),
  );
  throw new InputError(
    "--explain",
    `rule ${JSON.stringify(id)}`,
    `one of ${(alike.length > 0 ? alike : PLAN_RULES.map((one) => one.id)).join(", ")}`,
    "tracewright check --rules lists all of them",
  );
}

/** All rules, one line each, by group. */
export function ruleList(): string {
  const width = Math.max(...PLAN_RULES.map((rule) => rule.id.length));
  return PLAN_RULES.map(
    (rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.statement}`,
  ).join("\n");
}
