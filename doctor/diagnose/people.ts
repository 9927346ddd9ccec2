import { plain } from "../../instruments/cli/plain";
import type { Style, Terminal } from "../../instruments/cli/terminal";
import { type Diagnosis, type Verdict, verdictOf } from "../probes/diagnosis";
import type { Finding } from "../probes/probe";

const STYLES: Readonly<Record<Verdict, Style>> = {
  pass: "green",
  warn: "yellow",
  fail: "red",
  undecided: "yellow",
  skipped: "dim",
};

const VERDICT_WIDTH = "undecided".length;
/** Columns before the words of a finding. */
const INDENT = VERDICT_WIDTH + 2;
const KEY_WIDTH = "looked at".length;
/** Narrower terminals break lines by themselves. */
const NARROWEST = 40;

/** Words in lines of at most so many columns; a longer word keeps its line. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** `key  words`, further lines below the words; lines that are given as such, code for example, stay as they are. */
function entry(terminal: Terminal, key: string, text: string): readonly string[] {
  const margin = INDENT + KEY_WIDTH + 2;
  const columns = Math.max(NARROWEST, terminal.width - margin);
  const [first = "", ...given] = text.split("\n").map(plain);
  const lines = [...wrapped(first, columns), ...given];
  return lines.map((line, index) => {
    const head = index === 0 ? `${" ".repeat(INDENT)}${terminal.paint("dim", key.padEnd(KEY_WIDTH))}  ` : "";
    return `${head === "" ? " ".repeat(margin) : head}${line}`.trimEnd();
  });
}

function forFinding(
  terminal: Terminal,
  { probe }: Diagnosis,
  finding: Finding,
  verbose: boolean,
): readonly string[] {
  const { verdict, about } = finding;
  const weight = probe.weight === "advisory" ? " (advisory)" : "";
  const title = `${probe.label}${about === undefined ? "" : `: ${plain(about)}`}${weight}`;
  const head = `${terminal.paint(STYLES[verdict], verdict.padEnd(VERDICT_WIDTH))}  ${title}`;
  if (verdict === "pass" && !verbose) return [head, ...entry(terminal, "found", finding.found)];
  return [
    head,
    ...entry(terminal, "why", probe.why),
    ...entry(terminal, "looked at", finding.evidence),
    ...entry(terminal, "found", finding.found),
    ...entry(terminal, "wanted", finding.wanted),
    ...(verdict === "pass" ? [] : entry(terminal, "fix", finding.fix)),
  ];
}

function summary(diagnoses: readonly Diagnosis[]): string {
  const verdicts = diagnoses.map(verdictOf);
  const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  const words = [
    `${count("pass")} passed`,
    `${count("warn")} to look at`,
    `${count("fail")} failed`,
    `${count("undecided")} undecided`,
    `${count("skipped")} skipped`,
  ];
  return `${words.join(", ")} of ${diagnoses.length} probes`;
}

/** What the probes saw, with what to do, and what was left out and how to ask for it. @param verbose whole passes, too */
export function forPeople(terminal: Terminal, diagnoses: readonly Diagnosis[], verbose: boolean): string {
  const looked = diagnoses.flatMap((one) =>
    one.findings.map((finding) => forFinding(terminal, one, finding, verbose).join("\n")),
  );
  const skipped = diagnoses.flatMap(({ probe, enable }) => (enable === undefined ? [] : [{ probe, enable }]));
  const width = Math.max(0, ...skipped.map(({ probe }) => probe.label.length));
  const left = skipped.map(
    ({ probe, enable }) =>
      `${terminal.paint(STYLES.skipped, "skipped".padEnd(VERDICT_WIDTH))}  ${probe.label.padEnd(width)}  ${enable}`,
  );
  return [...looked, ...left, "", summary(diagnoses)].join("\n");
}
