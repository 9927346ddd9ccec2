import * as v from "valibot";
import { complaint } from "../../instruments/knowledge-file";
import { InputError } from "../../instruments/terraform-file";
import { writeFile } from "../write-file";
import { type Clock, SYSTEM_CLOCK } from "../xray/clock";
import { LiveTraceSource } from "../xray/live";
import { summariesOf, type Traces, tracesOf } from "../xray/reading";
import { RecordedTraceSource } from "../xray/recorded";
import { TraceRecorder } from "../xray/recorder";
import type { TraceSource } from "../xray/source";
import type { TraceSummary } from "../xray/summary";
import type { Window } from "../xray/window";
import { type Asked, aboutRecording, type Recording, readRecording } from "./recording";

/** Where a gate reads. */
export interface SourceOptions {
  readonly region?: string | undefined;
  /** A recording to judge again. */
  readonly recorded?: string | undefined;
  /** A file that keeps what is read. */
  readonly record?: string | undefined;
  /** Paces requests for whole traces. @default this machine's */
  readonly clock?: Clock;
}

const ALL_TIME: Window = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const NEXT_STEP = "run the gate with --record FILE where AWS can be asked";

/** What a gate reads: from AWS, keeping it on request, or from what was kept before. */
export class GateSource {
  readonly region: string | undefined;
  /** When it was read, ISO 8601: a recording is as old as it is, whenever it is judged. */
  readonly at: string;
  readonly #asked: Asked;
  readonly #options: SourceOptions;
  readonly #recording: Recording | undefined;
  readonly #kept: Record<string, unknown> = {};
  #traces: TraceSource | undefined;
  #recorder: TraceRecorder | undefined;

  /** @throws InputError when there is a recording that cannot be read, or of something else than is asked */
  constructor(asked: Asked, options: SourceOptions) {
    this.region = options.region;
    this.#asked = asked;
    this.#options = options;
    const kept = options.recorded === undefined ? undefined : readRecording(options.recorded, asked);
    this.#recording = kept?.recording;
    this.at = kept?.at ?? new Date().toISOString();
  }

  /** True when nothing is asked of AWS. */
  get replays(): boolean {
    return this.#recording !== undefined;
  }

  /**
   * Something that is no trace: asked for and kept, or taken from the recording.
   *
   * @param key its name in a recording
   * @throws InputError when a recording lacks it or holds something else
   */
  async read<S extends v.GenericSchema>(
    key: string,
    schema: S,
    ask: () => Promise<v.InferOutput<S>>,
  ): Promise<v.InferOutput<S>> {
    if (this.#recording === undefined) {
      const answer = await ask();
      this.#kept[key] = answer;
      return answer;
    }
    const file = `${this.#options.recorded}: ${key}`;
    if (this.#recording[key] === undefined)
      throw new InputError(file, "nothing", "what this gate reads", NEXT_STEP);
    const parsed = v.safeParse(schema, this.#recording[key]);
    if (parsed.success) return parsed.output;
    throw complaint(file, parsed.issues[0], NEXT_STEP);
  }

  /**
   * Summaries of traces, at most so many, in the order X-Ray lists them. A recording gives all it has, whenever that was.
   *
   * @param filter a filter expression for X-Ray
   */
  async summaries(window: Window, filter: string, limit: number): Promise<readonly TraceSummary[]> {
    const found: TraceSummary[] = [];
    const all = this.replays
      ? summariesOf(this.#source(), ALL_TIME, undefined)
      : summariesOf(this.#source(), window, filter);
    for await (const summary of all) {
      found.push(summary);
      if (!this.replays && found.length === limit) break;
    }
    return found;
  }

  /** Whole traces. */
  async traces(ids: readonly string[]): Promise<Traces> {
    return tracesOf(this.#source(), ids);
  }

  /** Writes what was read if that was asked for; to be called when all of it was. @throws InputError when it cannot */
  keep(): void {
    const { record } = this.#options;
    if (record === undefined || this.replays) return;
    const all = { ...aboutRecording(this.#asked, this.at), ...this.#recorder?.recording, ...this.#kept };
    writeFile(record, `${JSON.stringify(all, undefined, 2)}\n`, "--record");
  }

  /** Lets go of connections. */
  close(): void {
    this.#traces?.close();
  }

  #source(): TraceSource {
    if (this.#traces === undefined) {
      const { recorded, region, clock = SYSTEM_CLOCK } = this.#options;
      if (recorded === undefined) {
        this.#recorder = new TraceRecorder(new LiveTraceSource({ region, clock }));
        this.#traces = this.#recorder;
      } else this.#traces = new RecordedTraceSource(recorded);
    }
    return this.#traces;
  }
}
