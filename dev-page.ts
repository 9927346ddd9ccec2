import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LocalApp } from "./lab/page/local-app";
import { bundleFunctions } from "./modules/function-bundle";
import { bundleStreaming } from "./modules/streaming-bundle";
import { bundlePage } from "./tooling/page/bundle";

const HELP = `Runs the page with its API and its stream on this machine, over moto in place of AWS.

Usage: npm run dev:page -- [--port <number>] [--news-every <ms>]

  --port <number>      port of the page (default: 4173; 0 takes a free one)
  --news-every <ms>    milliseconds between two made-up articles (default: 1500)
  --help               this text

Needs Python 3 with moto: pip install 'moto[server]==5.2.1'. Set TRACEWRIGHT_PYTHON to a Python that has it.
Everything listens on loopback. Ctrl-C stops it.
`;

/** What to do differently, for people. */
class UsageError extends Error {}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(
    `--${name} must be a whole number from ${least} to ${most}. --help shows the options.`,
  );
}

function optionsFrom(args: readonly string[]) {
  const options = {
    port: { type: "string", default: "4173" },
    "news-every": { type: "string", default: "1500" },
    help: { type: "boolean", default: false },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    return {
      help: values.help,
      port: wholeNumber("port", values.port, 0, 65_535),
      newsEveryMs: wholeNumber("news-every", values["news-every"], 50, 60_000),
    };
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message.split(".")[0]}. --help shows the options.`);
  }
}

function pythonWithMoto(): string {
  const python = process.env["TRACEWRIGHT_PYTHON"] ?? "python3";
  try {
    execFileSync(python, ["-c", "import moto.server"], { stdio: "ignore" });
    return python;
  } catch {
    throw new UsageError(
      `${python} cannot import moto.server, which plays AWS here. ` +
        "Install it with pip install 'moto[server]==5.2.1', or set TRACEWRIGHT_PYTHON to a Python that has it.",
    );
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function run(port: number, newsEveryMs: number): Promise<void> {
  const python = pythonWithMoto();
  // Nine lines in the middle of the progress, on a Node.js this project supports.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  // Before the first part starts, so that a signal leaves none behind; one that comes early is obeyed after the start.
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  const folder = mkdtempSync(join(tmpdir(), "tracewright-dev-page-"));
  const root = process.cwd();
  try {
    say("bundling the functions and the page");
    const app = await LocalApp.start({
      python,
      dashboardZip: bundleFunctions(root, folder).dashboard.zipPath,
      streamCode: readFileSync(bundleStreaming(root, folder).path, "utf8"),
      page: (addresses) => bundlePage({ root, version: "lab", ...addresses }),
      port,
      newsEveryMs,
      progress: say,
    });
    process.stdout.write(`
The page is at ${app.origin}
with its API at ${app.api.url} and its stream at ${app.stream.url}, which admit that origin alone.

  Watch two tickers: session, configuration and list are one click and one trace.
  Press a button under "Break it" and see how the page connects again.
  A trace id opens what was sent of that trace; a stream's appears when it has ended.

Ctrl-C stops everything.
`);
    await signalled;
    say("stopping");
    await app.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EADDRINUSE") {
    return "The port is taken. Choose another with --port, or --port 0 for a free one.";
  }
  return error.message;
}

async function main(): Promise<void> {
  try {
    const { help, port, newsEveryMs } = optionsFrom(process.argv.slice(2));
    if (help) process.stdout.write(HELP);
    else await run(port, newsEveryMs);
  } catch (error) {
    say(reasonOf(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

void main();
