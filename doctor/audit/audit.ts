import { type Allowed, allows } from "./allow-list";
import { REMOVED } from "./removed";
import type { Text, Unread } from "./texts";

/** A removed name that was found. */
export interface Finding {
  /** Id of the removed name, or of the exception. */
  readonly name: string;
  /** File, or Terraform address and attribute. */
  readonly place: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** The text that matched; never more of its line, which may hold a secret. */
  readonly found: string;
  readonly nextStep: string;
  /** Why it may stand there. */
  readonly reason?: string;
}

/** What an audit came to. */
export interface AuditReport {
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
  /** Entries of the allow-list that allow nothing. */
  readonly stale: readonly Allowed[];
  /** How many texts were looked through. */
  readonly texts: number;
}

const LONGEST_FOUND = 80;

function positionOf(content: string, index: number): { line: number; column: number } {
  const before = content.slice(0, index);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: index - start + 1 };
}

/** The removed names in one text. */
export function removedIn({ place, content }: Text): readonly Finding[] {
  return REMOVED.flatMap(({ id, what, pattern, instead }) =>
    [...content.matchAll(pattern)].map(({ 0: match, index }) => ({
      name: id,
      place,
      ...positionOf(content, index),
      found: `${what}: ${match.slice(0, LONGEST_FOUND)}`,
      nextStep: `remove it; ${instead}`,
    })),
  );
}

/** Sets findings against the allow-list. */
export function auditReport(
  findings: readonly Finding[],
  unread: readonly Unread[],
  allowed: readonly Allowed[],
  texts: number,
): AuditReport {
  const used = new Set<Allowed>();
  const judged = findings.map((finding): Finding => {
    const entry = allowed.find((one) => allows(one, finding));
    if (entry === undefined) return finding;
    used.add(entry);
    return { ...finding, reason: entry.reason };
  });
  return { findings: judged, unread, stale: allowed.filter((one) => !used.has(one)), texts };
}
