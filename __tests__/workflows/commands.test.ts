import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { doctorCommands } from "../../doctor/commands";
import { tracewright } from "../../instruments/cli/main";
import type { Terminal } from "../../instruments/cli/terminal";
import { JOBS } from "./workflows";

const ROOT = resolve(__dirname, "..", "..");

const silent: Terminal = {
  width: 80,
  out: () => undefined,
  progress: () => undefined,
  paint: (_style, text) => text,
};
const program = tracewright(silent, doctorCommands);

const scripts = JOBS.flatMap(([title, job]) =>
  job.steps.flatMap(({ id, run }) => (run === undefined ? [] : [[`${title} ${id}`, run] as const])),
);

/** The command a line of words means, and the words that are left. */
function commandOf(words: readonly string[]): { command: Command; rest: readonly string[] } {
  let command = program;
  let rest = words;
  for (;;) {
    const next = command.commands.find((one) => one.name() === rest[0]);
    if (next === undefined) return { command, rest };
    command = next;
    rest = rest.slice(1);
  }
}

const lines = scripts.flatMap(([title, run]) =>
  run.split("\n").flatMap((line) => {
    const [, called] = /npx tracewright ([^|>&]+)/.exec(line) ?? [];
    return called === undefined ? [] : [[title, called.trim()] as const];
  }),
);

test("workflows call the command at all", () => {
  expect(lines.length).toBeGreaterThan(5);
});

test.each(lines)("%s calls a command that exists, with options it has: %s", (_title, called) => {
  // A switch whose position is an input exists for both.
  for (const position of ["on", "off"]) {
    const { command, rest } = commandOf(called.replace('"$SWITCH"', position).split(/\s+/));
    expect([called, command.commands.map((one) => one.name())]).toEqual([called, []]);
    const options = rest.filter((word) => word.startsWith("--"));
    for (const option of options) expect(command.options.map(({ long }) => long)).toContain(option);
  }
});

test.each(scripts)("%s runs npm scripts that exist", (_title, run) => {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  for (const [, name] of run.matchAll(/npm run (?:--silent )?([\w:-]+)/g))
    expect(manifest.scripts).toHaveProperty([name ?? ""]);
});
