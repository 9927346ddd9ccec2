import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { judgePin, type PinVerdict, readActionPins } from "./action-pins";

const HELP = `Usage: npm run workflow:pins -- [--from URL]

Asks GitHub what the tags of the actions in .github/actions.lock.json mean today, and compares with the commits the
workflows run. To choose another version: git ls-remote https://github.com/OWNER/REPOSITORY 'refs/tags/VERSION*', write
commit, version and source into the lock, and the same into the workflows; a test compares them.

  --from URL  where repositories are, default https://github.com
  --lock FILE default .github/actions.lock.json
  --help      this text

Exit codes: 0 every pin holds, 1 one moved or is gone, 2 wrong usage, 3 a repository did not answer.
`;

const ANSWER_MS = 20_000;

function ask(from: string, repository: string, version: string): string | undefined {
  const tag = `refs/tags/${version}`;
  const { status, stdout } = spawnSync("git", ["ls-remote", `${from}/${repository}`, tag, `${tag}^{}`], {
    encoding: "utf8",
    timeout: ANSWER_MS,
    env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
  });
  return status === 0 ? stdout : undefined;
}

function exitOf(verdicts: readonly PinVerdict[]): number {
  if (verdicts.some(({ state }) => state === "moved" || state === "gone")) return 1;
  return verdicts.some(({ state }) => state === "unknown") ? 3 : 0;
}

function main(): number {
  const { values } = parseArgs({
    options: {
      from: { type: "string", default: "https://github.com" },
      lock: { type: "string", default: ".github/actions.lock.json" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const verdicts = readActionPins(values.lock).map((pin) => {
    process.stderr.write(`asking for ${pin.repository}\n`);
    return judgePin(pin, ask(values.from, pin.repository, pin.version));
  });
  for (const { state, repository, version, words } of verdicts)
    process.stdout.write(`${state.padEnd(8)} ${repository} ${version}${words === "" ? "" : `: ${words}`}\n`);
  return exitOf(verdicts);
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  process.exitCode = 2;
}
