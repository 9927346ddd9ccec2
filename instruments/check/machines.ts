import type { CheckReport } from "./report";

/** The report as JSON: every rule with its outcome counts, every finding with its acknowledgement. */
export function forMachines(report: CheckReport): unknown {
  return {
    file: report.file,
    rules: report.rules.map(({ rule, compliant, findings, applicable }) => ({
      id: rule.id,
      group: rule.group,
      severity: rule.severity,
      result: applicable ? worst(findings.map((one) => one.judgement.outcome)) : "not-applicable",
      compliant,
      findings: findings.map(({ judgement, acknowledged }) => ({
        ...judgement,
        ...(acknowledged === undefined ? {} : { acknowledged: acknowledged.reason }),
      })),
    })),
    staleAcknowledgements: report.stale,
  };
}

function worst(outcomes: readonly string[]): string {
  return ["non-compliant", "could-not-evaluate"].find((one) => outcomes.includes(one)) ?? "compliant";
}
