import { Command, InvalidArgumentError } from "commander";
import { TRACE_ARCHIVE } from "../../../contract/trace-archive";
import type { Exit } from "../../../instruments/cli/exit";
import type { Terminal } from "../../../instruments/cli/terminal";
import { counted } from "../../../instruments/rehearse/text";
import { InputError } from "../../../instruments/terraform-file";
import { parseFilter } from "../../filter/parser";
import { printFilter } from "../../filter/print";
import type { TraceSource } from "../../xray/source";
import type { Window } from "../../xray/window";
import { checkKept, timeText } from "../range";
import {
  type RangeOptions,
  type SourceOptions,
  sourceOf,
  using,
  withRange,
  withSource,
} from "../source-options";
import { archive } from "./archive";
import { Bucket, ownAccount } from "./bucket";
import { readManifest } from "./manifest";
import { estimateText, exitOf, forMachines, forPeople, type Outcome } from "./outcome";
import { manifestKey, planArchive } from "./plan";
import { settledRange } from "./settled";

interface Options extends SourceOptions, RangeOptions {
  readonly bucket: string;
  readonly prefix: string;
  readonly owner?: string;
  readonly filter?: string;
  readonly anyRetention?: boolean;
  readonly again?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** What is to be archived, and the key of its manifest. */
interface Asked {
  readonly range: Window;
  /** As X-Ray is sent it. */
  readonly filter: string | undefined;
  readonly key: string;
}

const SINCE = "24h";
const UNTIL = "10m";

const AFTER = `
Example, once a day; whole days make the next run of the same day find its own work:
  tracewright traces archive --bucket acme-traces --since 2026-11-20T00:00:00Z --until 2026-11-21T00:00:00Z

Every trace is kept as X-Ray gives it, one a line, gzipped, in objects by window of six hours. The manifest is written
last, and only when X-Ray looked every trace up: while it is not there the archive is not whole, and running again writes
the same objects. tracewright traces show and query read an object with --recorded. The end has to lie ten minutes back,
for X-Ray needs a while to index.

The bucket has to belong to the account of the credentials, or to --owner, and to delete objects some day;
modules/trace-archive.ts makes one. Permissions: xray:GetTraceSummaries, xray:BatchGetTraces, s3:ListBucket,
s3:GetLifecycleConfiguration, s3:GetObject, s3:PutObject, s3:PutObjectTagging, sts:GetCallerIdentity.

Exit codes: 0 archived, or archived before; 2 wrong usage, or AWS did not answer; 3 no trace, or some could not be read,
now or when they were archived before.`;

function account(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError("expected an account id of 12 digits.");
}

function prefix(text: string): string {
  if (/^(?:[\w.-]+\/)*$/.test(text)) return text;
  throw new InvalidArgumentError(
    'expected a key prefix that ends with "/", of letters, digits, ".", "-" and "_".',
  );
}

async function checked(terminal: Terminal, bucket: Bucket, options: Options): Promise<void> {
  await bucket.check();
  const days = await bucket.retentionDays(options.prefix);
  if (days === undefined && options.anyRetention !== true) {
    throw new InputError(
      `--bucket ${bucket.name}`,
      `no lifecycle rule that deletes objects under ${options.prefix || "its root"}`,
      `one that deletes them after ${TRACE_ARCHIVE.retentionDays} days`,
      "make the bucket with modules/trace-archive.ts, add a rule, or keep them for ever with --any-retention",
    );
  }
  if (days !== undefined && days !== TRACE_ARCHIVE.retentionDays)
    terminal.progress(`the bucket keeps objects ${counted(days, "day")}, not ${TRACE_ARCHIVE.retentionDays}`);
}

async function outcomeOf(
  terminal: Terminal,
  source: TraceSource,
  bucket: Bucket,
  options: Options,
  { range, filter, key }: Asked,
): Promise<Outcome> {
  await checked(terminal, bucket, options);
  const before = options.again === true ? undefined : await bucket.read(key);
  if (before !== undefined)
    return { state: "archived-before", manifest: readManifest(`s3://${bucket.name}/${key}`, before) };
  const plan = await planArchive(source, range, filter, ({ fromMs, toMs }) =>
    terminal.progress(`listing traces between ${timeText(fromMs)} and ${timeText(toMs)}`),
  );
  if (plan.traces === 0) return { state: "empty" };
  terminal.progress(estimateText(plan));
  if (options.dryRun === true) return { state: "planned", plan };
  let toldMs = Date.now();
  const { manifest, unprocessed } = await archive(source, bucket, options.prefix, plan, (done) => {
    if (Date.now() - toldMs < 2000) return;
    toldMs = Date.now();
    terminal.progress(`${done} of ${plan.traces} traces`);
  });
  return unprocessed.length === 0
    ? { state: "archived", manifest }
    : { state: "incomplete", manifest, unprocessed };
}

async function run(terminal: Terminal, source: TraceSource, bucket: Bucket, options: Options): Promise<Exit> {
  const now = Date.now();
  const filter = options.filter === undefined ? undefined : printFilter(parseFilter(options.filter));
  const range = settledRange(options.since ?? SINCE, options.until, now);
  if (options.recorded === undefined) checkKept(range, now);
  const key = manifestKey(options.prefix, range, filter);
  const outcome = await outcomeOf(terminal, source, bucket, options, { range, filter, key });
  const { out, notes } = forPeople(outcome, `s3://${bucket.name}/${key}`);
  if (options.json === true) terminal.out(forMachines(outcome, key));
  else if (out !== undefined) terminal.out(out);
  for (const note of notes) terminal.progress(note);
  return exitOf(outcome);
}

async function archiveTraces(terminal: Terminal, options: Options): Promise<Exit> {
  const owner = options.owner ?? (await ownAccount(options.region));
  const bucket = new Bucket(options.bucket, owner, options.region);
  try {
    return await using(sourceOf(options), (source) => run(terminal, source, bucket, options));
  } finally {
    bucket.close();
  }
}

/** The command `tracewright traces archive`. */
export function archiveCommand(terminal: Terminal): Command {
  const command = new Command("archive")
    .description("Copy the traces of a time to S3, which keeps them longer than X-Ray's 30 days.")
    .requiredOption("--bucket <name>", "where to")
    .option("--prefix <prefix>", "key prefix", prefix, TRACE_ARCHIVE.prefix)
    .option("--owner <account>", "account the bucket belongs to; default: the credentials'", account)
    .option("--filter <expression>", "only traces for which a filter expression holds")
    .option("--any-retention", "also into a bucket that keeps objects for ever")
    .option("--again", "even if the same was archived before")
    .option("--dry-run", "say how many traces there are and how long it would take")
    .option("--json", "print what became of it as JSON");
  return withSource(withRange(command, SINCE, UNTIL))
    .addHelpText("after", AFTER)
    .action(async (options: Options) => {
      process.exitCode = await archiveTraces(terminal, options);
    });
}
