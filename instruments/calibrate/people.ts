import type { Terminal } from "../cli/terminal";
import { counted } from "../rehearse/text";
import type { Calibration, Named, Proposal } from "./calibration";

/** Control characters of a file must not reach a terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

function section(terminal: Terminal, title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", terminal.paint("underline", title), ...lines];
}

function proposalLines(proposals: readonly Proposal[]): readonly string[] {
  return proposals.flatMap((one) => [
    `  ${plain(one.name)}: ${one.old} -> ${one.threshold}`,
    `      ${plain(one.why)}`,
    `      false pages in 30 days: ${one.oldFalsePages ?? "?"} -> ${one.newFalsePages ?? "?"}`,
    ...(one.against === undefined ? [] : [`      not recommended: ${plain(one.against)}`]),
  ]);
}

function namedLines(named: readonly Named[]): readonly string[] {
  return named.map(({ name, why }) => `  ${plain(name)}: ${plain(why)}`);
}

/** One sentence with every sum. */
export function summaryLine({ proposals, kept, refused }: Calibration): string {
  const good = proposals.filter((one) => one.against === undefined).length;
  return `${counted(good, "proposal")} recommended, ${proposals.length - good} not; ${counted(kept.length, "alarm")} left as they are, ${refused.length} could not be calibrated.`;
}

/** The calibration as a person reads it. */
export function forPeople(terminal: Terminal, calibration: Calibration): string {
  const { file, proposals, kept, refused } = calibration;
  const recommended = proposals.filter((one) => one.against === undefined);
  const not = proposals.filter((one) => one.against !== undefined);
  return [
    terminal.paint("bold", plain(file)),
    ...section(terminal, "Recommended", proposalLines(recommended)),
    ...section(terminal, terminal.paint("red", "Not recommended"), proposalLines(not)),
    ...section(terminal, "Could not be calibrated", namedLines(refused)),
    ...section(terminal, "Left as they are", namedLines(kept)),
    "",
    summaryLine(calibration),
  ].join("\n");
}
