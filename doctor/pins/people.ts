import type { Style, Terminal } from "../../instruments/cli/terminal";
import type { Verdict } from "./verdict";

const STYLES: Readonly<Record<Verdict["state"], Style>> = {
  holds: "green",
  unpinned: "yellow",
  moved: "red",
  gone: "red",
  unknown: "yellow",
};

/** A line per pin, and one more for what does not hold. */
export function forPeople(terminal: Terminal, verdicts: readonly Verdict[]): string {
  const width = Math.max(...verdicts.map(({ name }) => name.length), 0);
  return verdicts
    .flatMap(({ name, state, locked, words }) => [
      `${terminal.paint(STYLES[state], state.padEnd(8))}  ${name.padEnd(width)}  ${locked ?? "-"}`,
      ...(words === "" ? [] : [`          ${words}`]),
    ])
    .join("\n");
}
