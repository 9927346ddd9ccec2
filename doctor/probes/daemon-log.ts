import { DAEMON_LINE, DAEMONS_WORDS, type LogVerdict, meaningOf } from "./daemon-log-line";
import type { Finding, Probe } from "./probe";
import { tailLines } from "./tail-lines";

/** Bytes from the end of the log that are read at most: 32 MiB. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Characters of a line that are shown. */
const SHOWN = 240;
/** Lines a message may go on for. */
const MOST_LINES = 20;

interface Triage {
  readonly lines: number;
  /** Lines of the daemon's form with its words. */
  readonly daemons: number;
  readonly newest?: { readonly line: string; readonly meaning: LogVerdict };
}

/** A line that goes on where the one above it stopped, as errors of the AWS SDK for Go do. */
const CONTINUED = /^(?:\s|caused by:)/;

function triage(file: string): Triage {
  let lines = 0;
  let daemons = 0;
  let below: string[] = [];
  for (const line of tailLines(file, MOST_BYTES)) {
    if (line === "") continue;
    lines += 1;
    const words = DAEMON_LINE.exec(line)?.[1];
    if (words !== undefined && DAEMONS_WORDS.test(words)) daemons += 1;
    if (CONTINUED.test(line)) {
      below = [line, ...below].slice(0, MOST_LINES);
      continue;
    }
    const meaning = meaningOf([line, ...below].join(" "));
    if (meaning !== undefined) return { lines, daemons, newest: { line, meaning } };
    below = [];
  }
  return { lines, daemons };
}

function withoutMeaning({ lines, daemons }: Triage): Pick<Finding, "found"> & { readonly fix: string } {
  if (lines === 0)
    return { found: "an empty log", fix: "start the daemon, or name the log it writes (--log-file)" };
  if (daemons === 0) {
    const fix = "name the X-Ray daemon's log: /var/log/xray/xray.log, or docker logs NAME";
    return { found: `${lines} lines, none of the X-Ray daemon: the log of another program`, fix };
  }
  const fix = "start the daemon with --log-level info, send a request, and look again";
  return { found: `${daemons} lines of the daemon, none about sending`, fix };
}

/** DOC-3 daemon log: the newest line that says how sending went decides. */
export const daemonLog: Probe = {
  id: "daemon-log",
  label: "Daemon's log",
  why: "The daemon tells in its log alone that X-Ray refused what it sent.",
  weight: "required",
  missing: ({ daemonLog }) => (daemonLog === undefined ? "--daemon-log FILE" : undefined),
  look: async ({ settings }): Promise<readonly Finding[]> => {
    const file = settings.daemonLog ?? "";
    const seen = { evidence: `${file}, read from its end`, wanted: "Successfully sent batch of … segments" };
    let told: Triage;
    try {
      told = triage(file);
    } catch (error) {
      const code = String((error as NodeJS.ErrnoException).code);
      const fix = "name a file that can be read; the daemon's own is /var/log/xray/xray.log";
      return [{ ...seen, verdict: "undecided", found: code, fix }];
    }
    if (told.newest === undefined) return [{ ...seen, verdict: "undecided", ...withoutMeaning(told) }];
    const { line, meaning } = told.newest;
    const found = line.slice(0, SHOWN);
    if (meaning.verdict === "pass") return [{ ...seen, verdict: "pass", found }];
    return [{ ...seen, verdict: meaning.verdict, found, fix: meaning.fix }];
  },
};
