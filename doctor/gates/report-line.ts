/** What Lambda reports of an invocation that had to start an execution environment first. */
export interface ColdStart {
  /** Milliseconds, collector and other extensions included. */
  readonly initMs: number;
  /** When it was reported, epoch milliseconds, if the source tells. */
  readonly at?: number;
}

const TEXT_REPORT = /^REPORT RequestId: \S+\t.*\bInit Duration: (\d+(?:\.\d+)?) ms/;

function initDurationOf(parsed: unknown): unknown {
  const { type, record } = parsed as { type?: unknown; record?: { metrics?: { initDurationMs?: unknown } } };
  return type === "platform.report" ? record?.metrics?.initDurationMs : undefined;
}

/**
 * Reads a log line of Lambda: `platform.report` under JSON logging, `REPORT` under text logging.
 *
 * @returns the cold start it reports; `undefined` for warm invocations and every other line
 */
export function coldStartIn(line: string): ColdStart | undefined {
  const text = TEXT_REPORT.exec(line)?.[1];
  if (text !== undefined) return { initMs: Number(text) };
  if (!line.startsWith("{")) return undefined;
  try {
    const initMs = initDurationOf(JSON.parse(line));
    return typeof initMs === "number" ? { initMs } : undefined;
  } catch {
    // A line of the function's own that only looks like JSON.
    return undefined;
  }
}
