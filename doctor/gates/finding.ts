import { EXIT, type Exit } from "../../instruments/cli/exit";
import { json as asJson, plain } from "../../instruments/cli/plain";
import type { Style, Terminal } from "../../instruments/cli/terminal";

/** How a gate judges one thing; `undecided` when it saw too little to tell. */
export type Verdict = "passed" | "failed" | "undecided";

/** One thing a gate looked at. */
export interface Finding {
  readonly what: string;
  readonly found: string;
  readonly expected: string;
  readonly verdict: Verdict;
  /** What to do unless it passed. */
  readonly nextStep: string;
}

/** The style of each verdict. */
export const STYLES: Readonly<Record<Verdict, Style>> = {
  passed: "green",
  failed: "red",
  undecided: "yellow",
};

/** A gate's verdict: one failure fails it, and it passes only when all is decided. Nothing looked at is nothing decided. */
export function overall(findings: readonly { readonly verdict: Verdict }[]): Verdict {
  if (findings.some(({ verdict }) => verdict === "failed")) return "failed";
  const decided = findings.length > 0 && findings.every(({ verdict }) => verdict === "passed");
  return decided ? "passed" : "undecided";
}

const EXITS: Readonly<Record<Verdict, Exit>> = {
  passed: EXIT.fine,
  failed: EXIT.findings,
  undecided: EXIT.undecided,
};

/** A gate's exit code. */
export function exitOf(findings: readonly { readonly verdict: Verdict }[]): Exit {
  return EXITS[overall(findings)];
}

/** A finding as a line, and its next step as another. */
export function lineOf(terminal: Terminal, { what, found, expected, verdict, nextStep }: Finding): string {
  const line = `${terminal.paint(STYLES[verdict], verdict.padEnd(9))}  ${plain(`${what}: ${found}, expected: ${expected}`)}`;
  return verdict === "passed" ? line : `${line}\n           ${plain(nextStep)}`;
}

/** What a verdict is about. */
export interface Judged {
  readonly gate: string;
  readonly environment?: string | undefined;
  readonly service?: string | undefined;
  /** ISO 8601. @default now */
  readonly judgedAt?: string;
}

/** Prints a gate's findings, for people or as the JSON that `gate clock` reads, and returns its exit. */
export function report(
  terminal: Terminal,
  { gate, environment, service, judgedAt = new Date().toISOString() }: Judged,
  findings: readonly Finding[],
  json: boolean | undefined,
): Exit {
  const verdict = overall(findings);
  if (json === true) terminal.out(asJson({ gate, environment, service, judgedAt, verdict, findings }));
  else for (const finding of findings) terminal.out(lineOf(terminal, finding));
  return exitOf(findings);
}
