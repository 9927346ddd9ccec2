import { GROUPS, type Group } from "../../policies/rules/rule";
import type { Terminal } from "../cli/terminal";
import {
  acknowledged,
  type CheckReport,
  type Finding,
  open,
  type RuleReport,
  SEVERITY_ORDER,
} from "./report";

const STYLES = { error: "red", warning: "yellow", note: "cyan" } as const;

function findingLines(terminal: Terminal, finding: Finding): readonly string[] {
  const { judgement, rule } = finding;
  const label =
    judgement.outcome === "non-compliant"
      ? terminal.paint(STYLES[rule.severity], rule.severity)
      : terminal.paint("magenta", "could not evaluate");
  const place =
    judgement.path === judgement.address ? judgement.address : `${judgement.path} (${judgement.address})`;
  return [
    `  ${label} ${place}`,
    `      found:     ${judgement.found}`,
    ...(judgement.outcome === "non-compliant" ? [`      expected:  ${judgement.expected}`] : []),
    `      next step: ${judgement.nextStep}`,
  ];
}

function ruleLines(terminal: Terminal, report: RuleReport): readonly string[] {
  const findings = report.findings.filter((one) => one.acknowledged === undefined);
  if (findings.length === 0) return [];
  return [
    "",
    `${terminal.paint("bold", report.rule.id)}: ${report.rule.statement}`,
    ...findings.flatMap((one) => findingLines(terminal, one)),
  ];
}

function groupLines(terminal: Terminal, report: CheckReport, group: Group): readonly string[] {
  const lines = report.rules
    .filter((one) => one.rule.group === group)
    .flatMap((one) => ruleLines(terminal, one));
  if (lines.length === 0) return [];
  const title = `${GROUPS[group].charAt(0).toUpperCase()}${GROUPS[group].slice(1)}`;
  return ["", terminal.paint("underline", title), ...lines];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** One sentence: how many subjects were judged, and what came out. */
export function summaryLine(report: CheckReport): string {
  const compliant = report.rules.reduce((sum, one) => sum + one.compliant, 0);
  const applied = report.rules.filter((one) => one.applicable).length;
  const parts = [
    ...SEVERITY_ORDER.map((severity) => counted(open(report, severity).length, severity)),
    `${open(report, "could-not-evaluate").length} could not be evaluated`,
    `${acknowledged(report).length} acknowledged`,
  ];
  return `${parts.join(", ")}; ${compliant} compliant. ${counted(applied, "rule")} applied, ${report.rules.length - applied} not applicable.`;
}

/** The report as a person reads it: by group, worst news first, then what is acknowledged, then one line of sums. */
export function forPeople(terminal: Terminal, report: CheckReport): string {
  const accepted = acknowledged(report).map(
    (one) => `  ${one.rule.id} ${one.judgement.address}: ${one.acknowledged?.reason ?? ""}`,
  );
  const stale = report.stale.map((one) => `  ${one.rule} ${one.address}: matches no finding, remove it`);
  return [
    terminal.paint("bold", report.file),
    ...(Object.keys(GROUPS) as Group[]).flatMap((group) => groupLines(terminal, report, group)),
    ...(accepted.length > 0 ? ["", terminal.paint("underline", "Acknowledged"), ...accepted] : []),
    ...(stale.length > 0 ? ["", terminal.paint("underline", "Stale acknowledgements"), ...stale] : []),
    "",
    summaryLine(report),
  ].join("\n");
}
