import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { traceBatches } from "../../xray/reading";
import type { TraceSource } from "../../xray/source";
import type { Trace } from "../../xray/trace";
import { timeText } from "../range";
import { type ArchivePlan, manifestKey, type PlannedWindow, partKey } from "./plan";

/** Where an archive is kept. A value is there whole or not at all. */
export interface ArchiveStore {
  has(key: string): Promise<boolean>;
  /** @throws InputError when it cannot be kept */
  put(key: string, body: Uint8Array, contentType: string): Promise<void>;
}

/** One object of an archive. */
export interface ArchivedPart {
  readonly key: string;
  readonly traces: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a run archived. It is written last: an archive without it is not whole, and running again mends it. */
export interface Manifest {
  readonly format: 1;
  readonly from: string;
  readonly to: string;
  readonly filter: string | null;
  readonly traces: number;
  readonly parts: readonly ArchivedPart[];
  /** Traces X-Ray named and could no longer give. */
  readonly missing: readonly string[];
  /** Documents that were kept as they came and cannot be read. */
  readonly malformed: number;
}

/** Traces of one object, so that a busy window does not have to fit into memory. */
export const TRACES_PER_PART = 1000;

/** One line of a part: the trace as `BatchGetTraces` gives it, its documents in order of id. */
function lineOf({ raw }: Trace): string {
  const Segments = [...raw.Segments].sort((a, b) => ((a.Id ?? "") < (b.Id ?? "") ? -1 : 1));
  return `${JSON.stringify({ ...raw, Segments })}\n`;
}

class ArchiveRun {
  readonly #parts: ArchivedPart[] = [];
  readonly #missing: string[] = [];
  #traces = 0;
  #malformed = 0;

  constructor(
    readonly source: TraceSource,
    readonly store: ArchiveStore,
    readonly prefix: string,
    readonly plan: ArchivePlan,
    readonly progress: (done: number) => void,
  ) {}

  async whole(): Promise<Manifest> {
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
    const body = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
    await this.store.put(manifestKey(this.prefix, range, filter), body, "application/json");
    return manifest;
  }

  async #window({ window, ids }: PlannedWindow): Promise<void> {
    for (let start = 0; start < ids.length; start += TRACES_PER_PART) {
      const key = partKey(this.prefix, window, this.plan.filter, 1 + start / TRACES_PER_PART);
      await this.#part(key, ids.slice(start, start + TRACES_PER_PART));
    }
  }

  async #part(key: string, ids: readonly string[]): Promise<void> {
    const lines: string[] = [];
    for await (const { traces, missing } of traceBatches(this.source, ids)) {
      lines.push(...traces.map(lineOf));
      this.#malformed += traces.reduce((sum, { malformed }) => sum + malformed.length, 0);
      this.#missing.push(...missing);
      this.progress(this.#traces + lines.length);
    }
    if (lines.length === 0) return;
    // Without a time in its head, the same traces give the same bytes.
    const body = gzipSync(lines.join(""));
    await this.store.put(key, body, "application/gzip");
    this.#traces += lines.length;
    const sha256 = createHash("sha256").update(body).digest("hex");
    this.#parts.push({ key, traces: lines.length, bytes: body.length, sha256 });
  }
}

/**
 * Archives what a plan lists: objects of at most {@link TRACES_PER_PART} traces, the manifest last.
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
): Promise<Manifest> {
  return await new ArchiveRun(source, store, prefix, plan, progress).whole();
}
