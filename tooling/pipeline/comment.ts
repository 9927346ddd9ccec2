import { bounded, code, firstOf, folded, table } from "./markdown";
import { differenceOf } from "./planned-resources";
import type { Reports } from "./report-files";

/** By which the comment is found again, so that a pull request has one. */
export const MARKER = "<!-- tracewright: what this change plans -->";

/** What one environment is today and would be. */
export interface EnvironmentReports {
  readonly environment: string;
  readonly head: Reports;
  /** Reports of the branch the change goes into; empty when that could not be planned. */
  readonly base: Reports;
}

const MOST_LINES = 25;
const NOT_MADE = "not made";

type Finding = NonNullable<Reports["check"]>["rules"][number]["findings"][number];

function openFindings({ check }: Reports): readonly { id: string; severity: string; finding: Finding }[] {
  return (check?.rules ?? []).flatMap(({ id, severity, findings }) =>
    findings
      .filter(({ acknowledged }) => acknowledged === undefined)
      .map((finding) => ({ id, severity, finding })),
  );
}

function planned({ head, base }: EnvironmentReports): string {
  if (head.resources === undefined) return NOT_MADE;
  const known = Object.keys(head.resources).length;
  const count = known === 1 ? "1 resource" : `${known} resources`;
  if (base.resources === undefined) return `${count}, nothing to compare with`;
  const { added, removed, changed } = differenceOf(base.resources, head.resources);
  if (added.length + removed.length + changed.length === 0) return `${count}, none differs`;
  return `${count}: ${added.length} more, ${removed.length} fewer, ${changed.length} changed`;
}

function checked({ head }: EnvironmentReports): string {
  if (head.check === undefined) return NOT_MADE;
  const open = openFindings(head);
  if (open.length === 0) return "nothing found";
  const broken = open.filter(({ finding }) => finding.outcome === "non-compliant").length;
  return `**${broken} found**, ${open.length - broken} could not be evaluated`;
}

function rehearsed({ head }: EnvironmentReports): string {
  if (head.rehearse === undefined) return NOT_MADE;
  const { fire, cannot, unknown, detected, undetected, quiet, paged } = head.rehearse.sums;
  const fine = cannot + unknown + undetected + paged === 0;
  const words = `${fire} of ${fire + cannot + unknown} alarms can fire, ${detected} of ${detected + undetected} faults page, ${paged} of ${quiet + paged} quiet days do`;
  return fine ? words : `**${words}**`;
}

const usd = (amount: number): string => amount.toFixed(2);
const signed = (amount: number): string => `${amount < 0 ? "−" : "+"}${usd(Math.abs(amount))}`;

function costs({ head, base }: EnvironmentReports): string {
  if (head.cost === undefined) return NOT_MADE;
  const total = `${usd(head.cost.netUsd)} USD a month`;
  if (base.cost === undefined) return `${total}, nothing to compare with`;
  const more = head.cost.netUsd - base.cost.netUsd;
  return Math.abs(more) < 0.005 ? `${total}, as before` : `${total} (**${signed(more)}**)`;
}

function resourceLines({ head, base }: EnvironmentReports): readonly string[] {
  if (head.resources === undefined || base.resources === undefined) return [];
  const { added, removed, changed } = differenceOf(base.resources, head.resources);
  return firstOf(
    [
      ...removed.map((address) => `- removed ${code(address)}`),
      ...added.map((address) => `- added ${code(address)}`),
      ...changed.map(
        ({ address, attributes }) => `- changed ${code(address)}: ${code(attributes.join(", "))}`,
      ),
    ],
    MOST_LINES,
  );
}

function findingLines({ head }: EnvironmentReports): readonly string[] {
  const lines = openFindings(head).map(
    ({ id, severity, finding }) =>
      `- ${severity} ${code(id)} ${code(finding.address)}: ${code(finding.found)}`,
  );
  return firstOf(lines, MOST_LINES);
}

function rehearsalLines({ head }: EnvironmentReports): readonly string[] {
  const { alarms = [], scenarios = [] } = head.rehearse ?? {};
  return firstOf(
    [
      ...alarms
        .filter(({ kind }) => kind !== "fires")
        .map(({ name, kind }) => `- ${code(name)}: ${code(kind)}`),
      ...scenarios
        .filter(({ result }) => ["undetected", "paged", "undecided"].includes(result))
        .map(({ id, result }) => `- ${code(id)}: ${code(result)}`),
    ],
    MOST_LINES,
  );
}

function costLines({ head, base }: EnvironmentReports): readonly string[] {
  if (head.cost === undefined || base.cost === undefined) return [];
  const before = new Map(base.cost.lines.map(({ item, netUsd }) => [item, netUsd]));
  const after = new Map(head.cost.lines.map(({ item, netUsd }) => [item, netUsd]));
  const items = [...new Set([...before.keys(), ...after.keys()])].sort();
  const rows = items.flatMap((item) => {
    const [from, to] = [before.get(item) ?? 0, after.get(item) ?? 0];
    return Math.abs(to - from) < 0.005 ? [] : [[code(item), usd(from), usd(to), signed(to - from)]];
  });
  return rows.length === 0 ? [] : table(["Item", "USD before", "USD after", "Difference"], rows);
}

/**
 * What a change plans, in one comment: plan, check, rehearsal and cost of each environment, against the branch the
 * change goes into. Names and values others wrote are shown as code, cut, and without account numbers or addresses.
 *
 * @param limit letters at most; by default what GitHub takes
 */
export function commentOn(environments: readonly EnvironmentReports[], limit?: number): string {
  const overview = table(
    ["", "Plan", "Check", "Rehearsal", "Cost"],
    environments.map((one) => [one.environment, planned(one), checked(one), rehearsed(one), costs(one)]),
  );
  const parts = environments.flatMap((one) => [
    folded(`${one.environment}: findings`, findingLines(one)),
    folded(`${one.environment}: rehearsal`, rehearsalLines(one)),
    folded(`${one.environment}: resources`, resourceLines(one)),
    folded(`${one.environment}: cost`, costLines(one)),
  ]);
  const shown = parts.filter((part) => part.length > 0);
  return bounded([[MARKER, "## What this change plans", "", ...overview], ...shown], limit);
}
