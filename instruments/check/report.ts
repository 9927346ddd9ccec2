import { verdicts } from "../../policies/rules/registry";
import type { Judgement, Rule, RuleInput, RuleSeverity } from "../../policies/rules/rule";
import type { Acknowledgement } from "./acknowledgements";

/** A judgement that is not compliant, and whether somebody lives with it. */
export interface Finding {
  readonly rule: Rule;
  readonly judgement: Exclude<Judgement, { outcome: "compliant" }>;
  readonly acknowledged: Acknowledgement | undefined;
}

/** What one rule found. */
export interface RuleReport {
  readonly rule: Rule;
  /** How many subjects are as they should be. */
  readonly compliant: number;
  readonly findings: readonly Finding[];
  /** False when the file holds nothing the rule is about. */
  readonly applicable: boolean;
}

/** What all rules found in one file. */
export interface CheckReport {
  readonly file: string;
  readonly rules: readonly RuleReport[];
  /** Acknowledgements that match no finding: the finding is gone, or the address is wrong. */
  readonly stale: readonly Acknowledgement[];
}

/** Judges a file by some rules. */
export function checkReport(
  file: string,
  rules: readonly Rule[],
  input: RuleInput,
  acknowledgements: readonly Acknowledgement[],
): CheckReport {
  const reports = rules.map((rule): RuleReport => {
    const judgements = verdicts([rule], input).map(({ judgement }) => judgement);
    const findings = judgements.flatMap((judgement): Finding[] => {
      if (judgement.outcome === "compliant") return [];
      const acknowledged = acknowledgements.find(
        (one) => one.rule === rule.id && one.address === judgement.address,
      );
      return [{ rule, judgement, acknowledged }];
    });
    return {
      rule,
      compliant: judgements.length - findings.length,
      findings,
      applicable: judgements.length > 0,
    };
  });
  const used = new Set(reports.flatMap((one) => one.findings.map((finding) => finding.acknowledged)));
  return { file, rules: reports, stale: acknowledgements.filter((one) => !used.has(one)) };
}

/** Severities, worst first. */
export const SEVERITY_ORDER: readonly RuleSeverity[] = ["error", "warning", "note"];

/** Findings nobody has acknowledged: broken rules of a severity, or all that could not be evaluated. */
export function open(report: CheckReport, kind: RuleSeverity | "could-not-evaluate"): readonly Finding[] {
  return report.rules
    .flatMap((one) => one.findings)
    .filter((one) => one.acknowledged === undefined)
    .filter(({ rule, judgement }) =>
      kind === "could-not-evaluate"
        ? judgement.outcome === kind
        : judgement.outcome === "non-compliant" && rule.severity === kind,
    );
}

/** All acknowledged findings. */
export function acknowledged(report: CheckReport): readonly Finding[] {
  return report.rules.flatMap((one) => one.findings).filter((one) => one.acknowledged !== undefined);
}
