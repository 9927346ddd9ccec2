import { KILL_SWITCH_CRITERIA, VARIABLES_BYTES } from "../../contract/kill-switch";
import type { Style, Terminal } from "../../instruments/cli/terminal";
import type { SwitchReport, SwitchState } from "./report";

const STYLES: Readonly<Record<SwitchState, Style>> = {
  planned: "cyan",
  done: "green",
  unchanged: "green",
  refused: "red",
  "half-done": "red",
  unsettled: "yellow",
};

const { exportFailures, initMs } = KILL_SWITCH_CRITERIA;

/** When to throw the switch, for help texts. */
export const CRITERIA =
  `Sample less first (docs/sampling.md). Throw the switch when more than ${exportFailures.share * 100} % of exports fail for ` +
  `${exportFailures.minutes} minutes, or when\nan environment takes more than ${initMs} ms to start because of tracing.`;

const AFTERWARDS =
  "Environments that start from now on run so; those at work end as they are. The next terraform apply writes what it " +
  "knows: change it there too, or it switches back.";

function aliasWords({ from, to }: NonNullable<SwitchReport["alias"]>, state: SwitchState): string {
  if (to !== undefined) return `version ${from} -> ${to}`;
  return state === "planned" ? `version ${from} -> a new one` : `version ${from}`;
}

/** What was found and done, in words; values of other variables are not among them. */
export function forPeople(terminal: Terminal, report: SwitchReport): string {
  const { alias, changes, otherAliases, state, waysOut, words } = report;
  const rows = [
    ...changes.map(({ variable, from, to }) => [variable, `${from ?? "not set"} -> ${to}`]),
    ["other variables", `${report.otherVariables}, which stay as they are`],
    ["size", `${report.bytes} of ${VARIABLES_BYTES} bytes`],
    ...(alias === undefined ? [] : [[`alias ${alias.name}`, aliasWords(alias, state)]]),
    ...otherAliases.map((name) => [
      `alias ${name}`,
      "stays at its version, whose variables are frozen; name it with --alias",
    ]),
    ...(alias === undefined && otherAliases.length === 0
      ? [["no alias", "callers use $LATEST, which is what changes"]]
      : []),
  ];
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  return [
    `${terminal.paint(STYLES[state], state)}: kill-switch ${report.position} for ${report.function}`,
    ...rows.map(([name = "", value = ""]) => `  ${name.padEnd(width)}  ${value}`),
    ...(report.bytes > VARIABLES_BYTES ? ["Lambda will refuse so many bytes: remove a variable first."] : []),
    ...(words === "" ? [] : [words]),
    ...(waysOut === undefined ? [] : [`To finish: ${waysOut.finish}`, `To undo:   ${waysOut.undo}`]),
    ...(state === "done" ? [AFTERWARDS] : []),
  ].join("\n");
}
