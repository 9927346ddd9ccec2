import { createHash } from "node:crypto";
import type { Log, ReportingDescriptor, Result } from "sarif";
import { GROUPS, type Rule } from "../../policies/rules/rule";
import type { CheckReport, Finding } from "./report";

function descriptor(rule: Rule): ReportingDescriptor {
  return {
    id: rule.id,
    shortDescription: { text: rule.statement },
    fullDescription: { text: rule.why },
    help: { text: `${rule.why} tracewright check --explain ${rule.id} says more.` },
    defaultConfiguration: { level: rule.severity },
    properties: { tags: [rule.group, GROUPS[rule.group]] },
  };
}

function result(finding: Finding, file: string, ruleIndex: number): Result {
  const { judgement, rule, acknowledged } = finding;
  const broken = judgement.outcome === "non-compliant";
  const expected = broken ? ` Expected: ${judgement.expected}.` : "";
  return {
    ruleId: rule.id,
    ruleIndex,
    kind: broken ? "fail" : "open",
    level: broken ? rule.severity : "none",
    message: { text: `${judgement.path}: ${judgement.found}.${expected} Next step: ${judgement.nextStep}.` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: file } },
        logicalLocations: [{ fullyQualifiedName: judgement.address, kind: "resource" }],
      },
    ],
    partialFingerprints: {
      "ruleAndAddress/v1": createHash("sha256").update(`${rule.id} ${judgement.address}`).digest("hex"),
    },
    ...(acknowledged === undefined
      ? {}
      : { suppressions: [{ kind: "external", justification: acknowledged.reason }] }),
  };
}

/** The report as a SARIF 2.1.0 log (OASIS), for code hosts. What could not be evaluated is of kind `open`. */
export function sarif(report: CheckReport): Log {
  const uri = report.file.split("\\").join("/");
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "tracewright", rules: report.rules.map(({ rule }) => descriptor(rule)) } },
        results: report.rules.flatMap(({ findings }, index) =>
          findings.map((finding) => result(finding, uri, index)),
        ),
      },
    ],
  };
}
