import { DAEMON_LINE, DAEMONS_WORDS, type LogVerdict, meaningOf, regionIn, timeOf } from "./daemon-log-line";
import { whatElse } from "./file-kind";
import type { Finding, Probe } from "./probe";
import { tailLines } from "./tail-lines";

/** Bytes from the end of the log that are read at most: 32 MiB. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Characters of a line that are shown. */
const SHOWN = 240;
/** Milliseconds after which a line tells of the past. */
const STALE_MS = 10 * 60_000;
/** Lines a message may go on for. */
const MOST_LINES = 20;

type Judged =
  | { readonly verdict: "pass"; readonly found: string }
  | { readonly verdict: "warn" | "fail" | "undecided"; readonly found: string; readonly fix: string };

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

/** How long ago, in the largest unit that fits. */
function ageText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / (24 * 60))} days`;
}

function judge({ line, meaning }: NonNullable<Triage["newest"]>, now: number): Judged {
  const found = line.slice(0, SHOWN);
  const ageMs = now - (timeOf(line) ?? now);
  if (ageMs > STALE_MS) {
    const fix =
      "send a request and look again; if no line is added, name the log that the running daemon writes";
    const then = meaning.fix === "" ? fix : `${fix}; what the line says is mended so: ${meaning.fix}`;
    return { verdict: "undecided", found: `nothing newer than ${ageText(ageMs)}: ${found}`, fix: then };
  }
  if (meaning.verdict === "pass") return { verdict: "pass", found };
  return { verdict: meaning.verdict, found, fix: meaning.fix };
}

function read(file: string, now: number): Judged {
  const kind = whatElse(file);
  if (kind !== undefined) {
    const fix = "name a regular file; write the log to one first: docker logs NAME > daemon.log 2>&1";
    return { verdict: "undecided", found: `${kind}, whose end cannot be read`, fix };
  }
  const told = triage(file);
  if (told.newest === undefined) return { verdict: "undecided", ...withoutMeaning(told) };
  return judge(told.newest, now);
}

/** Whether the daemon sends to the region that is looked at; nothing when the log or the SDK names none. */
function whereTo(file: string, own: string | undefined, evidence: string): readonly Finding[] {
  if (own === undefined) return [];
  for (const line of tailLines(file, MOST_BYTES)) {
    const sent = regionIn(line);
    if (sent === own) return [];
    if (sent === undefined) continue;
    const fix = `start the daemon with --region ${own}, or look where it sends: --region ${sent}`;
    const seen = { about: "region", evidence, wanted: `Using region: ${own}` };
    return [{ ...seen, verdict: "fail", found: line.slice(0, SHOWN), fix }];
  }
  return [];
}

/** DOC-3 daemon log: the newest line that says how sending went decides, and where it went. */
export const daemonLog: Probe = {
  id: "daemon-log",
  label: "Daemon's log",
  why: "The daemon tells in its log alone that X-Ray refused what it sent.",
  weight: "required",
  missing: ({ daemonLog }) => (daemonLog === undefined ? "--daemon-log FILE" : undefined),
  look: async ({ settings, now, region }): Promise<readonly Finding[]> => {
    const file = settings.daemonLog ?? "";
    const seen = { evidence: `${file}, read from its end`, wanted: "Successfully sent batch of … segments" };
    try {
      const judged = read(file, now());
      // An old log tells where the daemon sent once.
      const elsewhere = judged.verdict === "undecided" ? [] : whereTo(file, await region(), seen.evidence);
      return [{ ...seen, ...judged }, ...elsewhere];
    } catch (error) {
      const code = String((error as NodeJS.ErrnoException).code);
      const fix = "name a file that can be read; the daemon's own is /var/log/xray/xray.log";
      return [{ ...seen, verdict: "undecided", found: code, fix }];
    }
  },
};
