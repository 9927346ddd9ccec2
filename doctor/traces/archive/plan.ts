import { createHash } from "node:crypto";
import { summariesOf } from "../../xray/reading";
import type { TraceSource } from "../../xray/source";
import { LONGEST_WINDOW_MS, type Window, windowsOf } from "../../xray/window";

/** Traces that began in one window, to be archived together. */
export interface PlannedWindow {
  readonly window: Window;
  /** In order, each once over all windows. */
  readonly ids: readonly string[];
}

/** What an archive run will do. */
export interface ArchivePlan {
  readonly range: Window;
  /** As X-Ray is sent it. */
  readonly filter: string | undefined;
  /** Windows with traces, oldest first. */
  readonly windows: readonly PlannedWindow[];
  readonly traces: number;
}

/** Windows cut at 0, 6, 12 and 18 o'clock UTC, so that the same time always falls into the same window. */
export function clockWindows(range: Window): readonly Window[] {
  const cut = (Math.floor(range.fromMs / LONGEST_WINDOW_MS) + 1) * LONGEST_WINDOW_MS;
  const first = { fromMs: range.fromMs, toMs: Math.min(cut, range.toMs) };
  return [...windowsOf(first, LONGEST_WINDOW_MS), ...windowsOf({ ...range, fromMs: cut }, LONGEST_WINDOW_MS)];
}

/**
 * Lists what is to be archived.
 *
 * @param progress told before each window
 * @throws InputError when the source cannot answer
 */
export async function planArchive(
  source: TraceSource,
  range: Window,
  filter: string | undefined,
  progress: (window: Window) => void,
): Promise<ArchivePlan> {
  const seen = new Set<string>();
  const windows: PlannedWindow[] = [];
  for (const window of clockWindows(range)) {
    progress(window);
    const ids: string[] = [];
    for await (const { id } of summariesOf(source, window, filter)) {
      if (seen.has(id)) continue;
      seen.add(id);
      ids.push(id);
    }
    if (ids.length > 0) windows.push({ window, ids: ids.sort() });
  }
  return { range, filter, windows, traces: seen.size };
}

/** Seconds the traces of a plan take to read at X-Ray's pace. */
export function estimateSeconds({ windows }: ArchivePlan, atOnce: number, perSecond: number): number {
  const requests = windows.reduce((sum, { ids }) => sum + Math.ceil(ids.length / atOnce), 0);
  return requests / perSecond;
}

/** `20261121T060000Z`: sorts as text and fits a key. */
function stamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");
}

/** The stretch of time of a key, and which traces of it, if not all. */
function stretch({ fromMs, toMs }: Window, filter: string | undefined): string {
  const part =
    filter === undefined ? "" : `-${createHash("sha256").update(filter).digest("hex").slice(0, 8)}`;
  return `${stamp(fromMs)}--${stamp(toMs)}${part}`;
}

/** The key of a part of a window; the same question gives the same key. @param part counted from 1 */
export function partKey(prefix: string, window: Window, filter: string | undefined, part: number): string {
  const day = new Date(window.fromMs).toISOString().slice(0, 10).replaceAll("-", "/");
  return `${prefix}${day}/${stretch(window, filter)}-${String(part).padStart(4, "0")}.ndjson.gz`;
}

/** The key of the manifest of a run, which is written last. */
export function manifestKey(prefix: string, range: Window, filter: string | undefined): string {
  return `${prefix}manifests/${stretch(range, filter)}.json`;
}
