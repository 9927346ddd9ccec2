import { LiveTraceSource } from "../xray/live";
import { Patience } from "../xray/patience";
import { tracesOf } from "../xray/reading";
import { RecordedTraceSource } from "../xray/recorded";
import type { Trace } from "../xray/trace";
import type { Settings } from "./settings";

const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
/** Milliseconds before a throttled request is sent again; all tries together stay below a probe's limit. */
const BETWEEN_TRIES_MS = 200;

/**
 * The traces `--trace` names.
 *
 * @throws InputError when the file or X-Ray cannot give them
 */
export async function lookedUpTraces({ trace = "", region }: Settings): Promise<readonly Trace[]> {
  if (!TRACE_ID.test(trace)) {
    const recorded = new RecordedTraceSource(trace);
    return (await tracesOf(recorded, recorded.traceIds)).traces;
  }
  const live = new LiveTraceSource({ region, patience: new Patience(() => BETWEEN_TRIES_MS) });
  try {
    return (await tracesOf(live, [trace])).traces;
  } finally {
    live.close();
  }
}

/** The option that names traces; `undefined` when there are some. */
export function missingTrace({ trace }: Settings): string | undefined {
  return trace === undefined ? "--trace FILE or a trace's id" : undefined;
}
