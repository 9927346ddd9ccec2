import { createHash } from "node:crypto";
import { LONG_PAUSES_MS, traceBatches } from "../../xray/reading";
import type { TraceSource } from "../../xray/source";
import type { Trace } from "../../xray/trace";
import { timeText } from "../range";
import { type ArchivedPart, type Manifest, manifestText } from "./manifest";
import { GrowingPart } from "./part";
import { type ArchivePlan, manifestKey, type PlannedWindow, partKey } from "./plan";

/** Where an archive is kept. A value is there whole or not at all. */
export interface ArchiveStore {
  /** A text; `undefined` when it is not there. @throws InputError when that cannot be told */
  read(key: string): Promise<string | undefined>;
  /** @throws InputError when it cannot be kept */
  put(key: string, body: Uint8Array, contentType: string): Promise<void>;
}

/** What came of a run. */
export interface Archived {
  /** Not kept when there are {@link unprocessed} traces. */
  readonly manifest: Manifest;
  /** Traces X-Ray did not look up, however often it was asked. */
  readonly unprocessed: readonly string[];
}

/** One line of a part: the trace as `BatchGetTraces` gives it, its documents in order of id. */
function lineOf({ raw }: Trace): string {
  const Segments = [...raw.Segments].sort((a, b) => ((a.Id ?? "") < (b.Id ?? "") ? -1 : 1));
  return `${JSON.stringify({ ...raw, Segments })}\n`;
}

class ArchiveRun {
  readonly #parts: ArchivedPart[] = [];
  readonly #missing: string[] = [];
  readonly #unprocessed: string[] = [];
  #traces = 0;
  #malformed = 0;

  constructor(
    readonly source: TraceSource,
    readonly store: ArchiveStore,
    readonly prefix: string,
    readonly plan: ArchivePlan,
    readonly progress: (done: number) => void,
  ) {}

  async whole(): Promise<Archived> {
    for (const planned of this.plan.windows) await this.#window(planned);
    const { range, filter } = this.plan;
    const manifest: Manifest = {
      format: 1,
      from: timeText(range.fromMs),
      to: timeText(range.toMs),
      filter: filter ?? null,
      traces: this.#traces,
      parts: this.#parts,
      missing: this.#missing,
      malformed: this.#malformed,
    };
    if (this.#unprocessed.length === 0) {
      const key = manifestKey(this.prefix, range, filter);
      await this.store.put(key, Buffer.from(manifestText(manifest)), "application/json");
    }
    return { manifest, unprocessed: this.#unprocessed };
  }

  async #window({ window, ids }: PlannedWindow): Promise<void> {
    let number = 1;
    let part = new GrowingPart();
    const close = async () => {
      await this.#keep(partKey(this.prefix, window, this.plan.filter, number), part);
      number += 1;
      part = new GrowingPart();
    };
    for await (const { traces, missing, unprocessed } of traceBatches(this.source, ids, LONG_PAUSES_MS)) {
      for (const trace of traces) {
        const line = lineOf(trace);
        if (part.isFullFor(line)) await close();
        await part.add(line);
        this.#traces += 1;
        this.#malformed += trace.malformed.length;
      }
      this.#missing.push(...missing);
      this.#unprocessed.push(...unprocessed);
      this.progress(this.#traces);
    }
    if (part.lines > 0) await close();
  }

  async #keep(key: string, part: GrowingPart): Promise<void> {
    const body = await part.closed();
    await this.store.put(key, body, "application/gzip");
    const sha256 = createHash("sha256").update(body).digest("hex");
    this.#parts.push({ key, traces: part.lines, bytes: body.length, sha256 });
  }
}

/**
 * Archives what a plan lists, the manifest last.
 *
 * @param progress told how many traces have been read
 * @throws InputError when traces cannot be read or objects cannot be kept; what was written stays and is written again
 */
export async function archive(
  source: TraceSource,
  store: ArchiveStore,
  prefix: string,
  plan: ArchivePlan,
  progress: (done: number) => void,
): Promise<Archived> {
  return await new ArchiveRun(source, store, prefix, plan, progress).whole();
}
