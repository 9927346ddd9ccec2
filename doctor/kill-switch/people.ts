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

/** What was found and done, in words; values of other variables are not among them. */
export function forPeople(terminal: Terminal, report: SwitchReport): string {
  const { alias, changes, otherAliases, state, words } = report;
  const rows = [
    ...changes.map(({ variable, from, to }) => [variable, `${from ?? "not set"} -> ${to}`]),
    [`${report.otherVariables} other variables`, "stay as they are"],
    ["size", `${report.bytes} of ${VARIABLES_BYTES} bytes`],
    ...(alias === undefined
      ? []
      : [
          [
            `alias ${alias.name}`,
            `version ${alias.from}${state === "unchanged" ? "" : ` -> ${alias.to ?? "a new one"}`}`,
          ],
        ]),
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
    ...(state === "done" ? [AFTERWARDS] : []),
  ].join("\n");
}
