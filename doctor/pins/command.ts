import { Command } from "commander";
import { EXIT, type Exit } from "../../instruments/cli/exit";
import type { Terminal } from "../../instruments/cli/terminal";
import { type Pin, readLock, writeLock } from "./lock";
import { forPeople } from "./people";
import { judge, lookUp, sourceOf, thingOf, type Verdict } from "./verdict";

interface Options {
  readonly lock: string;
  readonly archives?: string;
  readonly json?: boolean;
}

const LOCK = "containers/sse/pins.lock.json";

const AFTER = `
Examples:
  tracewright pins check
  tracewright pins update --archives build/pins

Images are asked for over HTTPS without credentials (a registry on loopback: HTTP). A layer needs AWS credentials that
may call lambda:GetLayerVersion; AWS_ENDPOINT_URL and AWS_PROFILE work as usual. --archives keeps NAME.zip of each
layer, once its SHA-256 is verified; \`npm run image\` builds from build/pins/collector.zip.

Exit codes: 0 every pin holds or is updated, 1 a pin is missing, moved or gone, 2 wrong usage or unusable file,
3 a place did not answer.`;

function exitOf(verdicts: readonly Verdict[]): Exit {
  if (verdicts.some(({ state }) => state !== "holds" && state !== "unknown")) return EXIT.findings;
  return verdicts.some(({ state }) => state === "unknown") ? EXIT.undecided : EXIT.fine;
}

function show(terminal: Terminal, { lock, json }: Options, verdicts: readonly Verdict[]): Exit {
  terminal.out(
    json === true ? JSON.stringify({ lock, pins: verdicts }, undefined, 2) : forPeople(terminal, verdicts),
  );
  return exitOf(verdicts);
}

async function check(terminal: Terminal, options: Options): Promise<Exit> {
  const verdicts: Verdict[] = [];
  for (const pin of readLock(options.lock).pins) {
    terminal.progress(`asking for ${thingOf(pin)}`);
    verdicts.push(await judge(pin, options.archives));
  }
  return show(terminal, options, verdicts);
}

/** The pin as its place describes it today, and what came of asking. */
async function updated(pin: Pin, archives: string | undefined): Promise<readonly [Pin, Verdict]> {
  const answer = await lookUp(pin, archives);
  const { name, digest: locked, reason: _, ...rest } = pin;
  if (answer.state !== "found") {
    const state = answer.state === "absent" ? "gone" : "unknown";
    return [pin, { name, state, locked, current: null, words: answer.why }];
  }
  const { digest } = answer;
  const checked = new Date().toISOString().slice(0, "YYYY-MM-DD".length);
  const next = { ...rest, name, digest, checked, source: sourceOf(pin) } as Pin;
  const words = locked === digest ? "" : `was ${locked ?? "unpinned"}`;
  return [next, { name, state: "holds", locked: digest, current: digest, words }];
}

async function update(terminal: Terminal, options: Options): Promise<Exit> {
  const lock = readLock(options.lock);
  const pins: Pin[] = [];
  const verdicts: Verdict[] = [];
  for (const pin of lock.pins) {
    terminal.progress(`asking for ${thingOf(pin)}`);
    const [next, verdict] = await updated(pin, options.archives);
    pins.push(next);
    verdicts.push(verdict);
  }
  if (verdicts.some(({ state }) => state === "holds")) {
    writeLock(options.lock, { ...lock, pins });
    terminal.progress(`${options.lock} written`);
  } else {
    terminal.progress(`${options.lock} is left as it was`);
  }
  return show(terminal, options, verdicts);
}

function part(
  name: string,
  summary: string,
  terminal: Terminal,
  run: (terminal: Terminal, options: Options) => Promise<Exit>,
): Command {
  return new Command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .option("--lock <file>", "lock file", LOCK)
    .option("--archives <folder>", "keep the archives of layers there")
    .option("--json", "print the verdicts as JSON")
    .addHelpText("after", AFTER)
    .exitOverride()
    .action(async (options: Options) => {
      process.exitCode = await run(terminal, options);
    });
}

/** The command `tracewright pins`. */
export function pinsCommand(terminal: Terminal): Command {
  return new Command("pins")
    .summary("compare pinned images and layers with where they come from")
    .description("Ask registries and Lambda what pinned tags and layer versions are today.")
    .addCommand(part("check", "say which pins hold, moved or are gone", terminal, check))
    .addCommand(part("update", "write today's digests into the lock file", terminal, update));
}
