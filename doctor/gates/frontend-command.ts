import { Command, InvalidArgumentError } from "commander";
import type { Exit } from "../../instruments/cli/exit";
import type { Terminal } from "../../instruments/cli/terminal";
import { report } from "./finding";
import { judgeHeaders } from "./frontend-headers";
import { readVisit } from "./visit";

interface Options {
  readonly visit: string;
  readonly api: string;
  readonly stream: string;
  readonly json?: boolean;
}

const AFTER = `
Example, in a pipeline after the page has been released:
  tracewright gate frontend --visit visit.har --api https://api.example.com --stream https://stream.example.com

Record the visit with the browser's network tools (save all as HAR) or with Playwright's recordHar: open the page, wait
for the stream, reconnect once, and call the API once in a way that fails.

Exit codes: 0 passed, 1 failed, 2 wrong usage or a file that cannot be read, 3 the visit shows too little to tell.`;

function origin(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text).origin;
  throw new InvalidArgumentError("expected an address that begins with https://.");
}

function gateFrontend(terminal: Terminal, { visit, api, stream, json }: Options): Exit {
  const findings = judgeHeaders(readVisit(visit), [api, stream]);
  return report(terminal, { gate: "frontend" }, findings, json);
}

/** The command `tracewright gate frontend`. */
export function frontendCommand(terminal: Terminal): Command {
  return new Command("frontend")
    .summary("judge whether the released page traces its requests")
    .description("Judge, from a recorded visit, whether the released page traces its requests.")
    .requiredOption("--visit <file>", "the visit as an HTTP archive (HAR)")
    .requiredOption("--api <url>", "where the API is", origin)
    .requiredOption("--stream <url>", "where the stream is", origin)
    .option("--json", "print the verdict as JSON")
    .addHelpText("after", AFTER)
    .action((options: Options) => {
      process.exitCode = gateFrontend(terminal, options);
    });
}
