/** What a process holds on to. */
export interface Vitals {
  /** Bytes, after a garbage collection where the process may ask for one. */
  readonly heapBytes: number;
  /** Open handles by kind, for example `Timeout` or `TCPSocketWrap`. */
  readonly resources: Readonly<Record<string, number>>;
  /** Listeners on the process by event. */
  readonly listeners: Readonly<Record<string, number>>;
}

/** Looks at this process. */
export function vitals(): Vitals {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return {
    heapBytes: process.memoryUsage().heapUsed,
    resources,
    listeners: Object.fromEntries(
      process.eventNames().map((name) => [String(name), process.listenerCount(name as "exit")]),
    ),
  };
}
