import { createReadStream, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { InputError } from "../../instruments/terraform-file";
import { type ColdStart, coldStartIn } from "./report-line";

/** Where log lines come from. */
export type LogSource =
  | { readonly kind: "recorded"; readonly file: string }
  | {
      readonly kind: "log-group";
      readonly name: string;
      readonly region: string | undefined;
      /** Milliseconds since 1970. */
      readonly since: number;
    };

/** Both forms in which Lambda reports a cold start. */
const PATTERN = '?"initDurationMs" ?"Init Duration"';

interface LogLine {
  readonly text: string;
  /** When CloudWatch Logs got it, epoch milliseconds; a recording does not tell. */
  readonly at: number | undefined;
}

async function* recordedLines(file: string): AsyncGenerator<LogLine> {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() !== true) {
    throw new InputError(
      file,
      found === undefined ? "no such file" : "no file, but a directory or a device",
      "log lines, one a line",
      "aws logs filter-log-events --log-group-name GROUP --query 'events[].[message]' --output text writes them",
    );
  }
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const text of lines) yield { text, at: undefined };
}

async function* liveLines(source: Extract<LogSource, { kind: "log-group" }>): AsyncGenerator<LogLine> {
  const client = new CloudWatchLogsClient(source.region === undefined ? {} : { region: source.region });
  try {
    const pages = paginateFilterLogEvents(
      { client },
      { logGroupName: source.name, filterPattern: PATTERN, startTime: source.since },
    );
    for await (const { events = [] } of pages)
      for (const { message = "", timestamp } of events) yield { text: message.trimEnd(), at: timestamp };
  } catch (error) {
    throw new InputError(
      `--log-group ${source.name}`,
      error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      "CloudWatch Logs to answer FilterLogEvents",
      "check name, credentials, region and the permission logs:FilterLogEvents",
    );
  } finally {
    client.destroy();
  }
}

/** The cold starts a source tells of. @throws InputError when it cannot be read */
export async function coldStartsOf(source: LogSource): Promise<readonly ColdStart[]> {
  const found: ColdStart[] = [];
  for await (const { text, at } of source.kind === "recorded"
    ? recordedLines(source.file)
    : liveLines(source)) {
    const start = coldStartIn(text);
    if (start !== undefined) found.push(at === undefined ? start : { ...start, at });
  }
  return found;
}
