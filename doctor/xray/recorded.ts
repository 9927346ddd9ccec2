import { readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as v from "valibot";
import { InputError, MAX_FILE_BYTES } from "../../instruments/terraform-file";
import { isObject } from "../../policies/terraform/model";
import { evaluate } from "../filter/evaluate";
import type { Filter } from "../filter/expression";
import { parseFilter } from "../filter/parser";
import { viewOfSummary, viewOfTrace } from "../filter/view";
import { misfit } from "./misfit";
import type { SummaryPage, TracePage, TraceSource } from "./source";
import { summarized } from "./summarized";
import { RAW_SUMMARY, type RawSummary, readSummary } from "./summary";
import { joined, RAW_TRACE, type RawTrace, readTrace } from "./trace";
import type { Window } from "./window";

const EXPECTED =
  "answers of X-Ray, as JSON or one a line: objects with TraceSummaries or Traces, or traces of an archive";
const NEXT_STEP = "aws xray get-trace-summaries and aws xray batch-get-traces print them";

const ANSWER = v.looseObject({
  TraceSummaries: v.optional(v.array(RAW_SUMMARY), []),
  Traces: v.optional(v.array(RAW_TRACE), []),
});

/** Bytes every gzip file begins with. */
const GZIP = Buffer.from([0x1f, 0x8b]);

function textOf(file: string): string {
  try {
    if (statSync(file).size > MAX_FILE_BYTES) throw new RangeError();
    const bytes = readFileSync(file);
    const plain = bytes.subarray(0, GZIP.length).equals(GZIP)
      ? gunzipSync(bytes, { maxOutputLength: MAX_FILE_BYTES })
      : bytes;
    return plain.toString("utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const code =
      error instanceof RangeError ? "ERR_BUFFER_TOO_LARGE" : String((error as NodeJS.ErrnoException).code);
    const found =
      code === "ENOENT"
        ? "no such file"
        : code === "ERR_BUFFER_TOO_LARGE"
          ? `more than ${MAX_FILE_BYTES / 1024 / 1024} MiB`
          : code;
    throw new InputError(file, found, EXPECTED, NEXT_STEP);
  }
}

/** The values of a JSON text, of the list it is, or of its lines. */
function valuesOf(
  file: string,
  text: string,
): readonly { readonly place: string; readonly value: unknown }[] {
  if (text.trim() === "") throw new InputError(file, "an empty file", EXPECTED, NEXT_STEP);
  try {
    const whole: unknown = JSON.parse(text);
    const all = Array.isArray(whole) ? whole : [whole];
    return all.map((value, index) => ({ place: all.length === 1 ? file : `${file}: [${index}]`, value }));
  } catch {
    return text.split("\n").flatMap((line, index) => {
      const place = `${file}: line ${index + 1}`;
      if (line.trim() === "") return [];
      try {
        return [{ place, value: JSON.parse(line) as unknown }];
      } catch {
        throw new InputError(place, "text that is not JSON", EXPECTED, NEXT_STEP);
      }
    });
  }
}

function answerOf(place: string, value: unknown): v.InferOutput<typeof ANSWER> {
  const isTrace = isObject(value) && value["Segments"] !== undefined;
  const known = isTrace || (isObject(value) && (value["TraceSummaries"] ?? value["Traces"]) !== undefined);
  if (!known) throw new InputError(place, "something else", EXPECTED, NEXT_STEP);
  const parsed = v.safeParse(ANSWER, isTrace ? { Traces: [value] } : value);
  if (parsed.success) return parsed.output;
  throw misfit(place, parsed.issues[0], NEXT_STEP);
}

/** What X-Ray answered before, from a file: answers of the API, the SDK or the command line, or an archive. */
export class RecordedTraceSource implements TraceSource {
  readonly name: string;
  readonly longestWindowMs = Number.POSITIVE_INFINITY;
  readonly tracesAtOnce = Number.POSITIVE_INFINITY;
  readonly #summaries: readonly RawSummary[];
  readonly #traces: ReadonlyMap<string, RawTrace>;

  /** @throws InputError that names file and place when it is something else, or larger than 128 MiB */
  constructor(file: string) {
    this.name = file;
    const answers = valuesOf(file, textOf(file)).map(({ place, value }) => answerOf(place, value));
    const pieces = new Map<string, RawTrace[]>();
    for (const trace of answers.flatMap(({ Traces }) => Traces)) {
      pieces.set(trace.Id, [...(pieces.get(trace.Id) ?? []), trace]);
    }
    this.#traces = new Map([...pieces].map(([id, parts]) => [id, joined(parts)]));
    const summaries = answers.flatMap(({ TraceSummaries }) => TraceSummaries);
    const summarizedIds = new Set(summaries.map(({ Id }) => Id));
    const rest = [...this.#traces.values()].filter(({ Id }) => !summarizedIds.has(Id));
    this.#summaries = [...summaries, ...rest.map((raw) => summarized(readTrace(raw)))];
  }

  /** Ids of the whole traces in the file, in its order. */
  get traceIds(): readonly string[] {
    return [...this.#traces.keys()];
  }

  async summaryPage(
    window: Window,
    filter: string | undefined,
    _next: string | undefined,
  ): Promise<SummaryPage> {
    const wanted = filter === undefined ? undefined : parseFilter(filter);
    const summaries = this.#summaries.filter((raw) => {
      const { startMs } = readSummary(raw);
      const within = startMs >= window.fromMs && startMs < window.toMs;
      return within && (wanted === undefined || this.#holds(wanted, raw));
    });
    return { summaries, next: undefined };
  }

  async tracePage(ids: readonly string[], _next: string | undefined): Promise<TracePage> {
    return { traces: ids.flatMap((id) => this.#traces.get(id) ?? []), unprocessed: [], next: undefined };
  }

  /** Looks at the whole trace where it was recorded, at its summary otherwise. */
  #holds(filter: Filter, summary: RawSummary): boolean {
    const raw = this.#traces.get(summary.Id);
    const view = raw === undefined ? viewOfSummary(readSummary(summary)) : viewOfTrace(readTrace(raw));
    const truth = evaluate(filter, view);
    if (truth !== undefined) return truth;
    throw new InputError(
      this.name,
      `a filter that cannot be told from what was recorded of ${summary.Id}`,
      "one about what documents say; root causes and groups are known to X-Ray alone",
      raw === undefined ? "record whole traces, too" : "ask X-Ray itself",
    );
  }

  async pause(): Promise<void> {
    // A file looks everything up.
  }

  close(): void {
    // A file was read and closed.
  }
}
