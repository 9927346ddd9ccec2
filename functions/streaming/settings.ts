import { loadConfig } from "../runtime/config";

/** Validated settings of the streaming function; times in milliseconds unless a name says otherwise. */
export interface StreamSettings {
  readonly pollIntervalMs: number;
  readonly heartbeatIntervalMs: number;
  readonly maxConnections: number;
  readonly maxStreamMs: number;
  readonly retryMs: number;
}

/** Smallest and largest value of each variable, as application §5 states them. */
const BOUNDS = {
  SSE_POLL_INTERVAL: [1, 60],
  SSE_HEARTBEAT_INTERVAL: [10, 300],
  SSE_MAX_CONNECTIONS: [1, 1000],
  SSE_MAX_STREAM_MS: [1000, 895_000],
  SSE_RETRY_MS: [100, 60_000],
} as const;

type Bounded = keyof typeof BOUNDS;

/** The function's configuration. @throws Error naming every variable that is missing */
export const config = loadConfig("sse");

function readAll(variables: Readonly<Record<Bounded, string>>): Readonly<Record<Bounded, number>> {
  const names = Object.keys(BOUNDS) as Bounded[];
  const problems = names.flatMap((name) => {
    const [least, most] = BOUNDS[name];
    const value = Number(variables[name]);
    const good = Number.isInteger(value) && value >= least && value <= most;
    return good ? [] : [`${name} must be a whole number from ${least} to ${most}`];
  });
  if (problems.length > 0) {
    throw new Error(
      `sse cannot start: ${problems.join("; ")}. Correct contract/streaming.ts; deploy it again.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, Number(variables[name])])) as Record<Bounded, number>;
}

/**
 * Reads the settings.
 *
 * @throws Error naming every variable that is out of bounds
 */
export function readSettings(variables: Readonly<Record<Bounded, string>>): StreamSettings {
  const values = readAll(variables);
  return {
    pollIntervalMs: values.SSE_POLL_INTERVAL * 1000,
    heartbeatIntervalMs: values.SSE_HEARTBEAT_INTERVAL * 1000,
    maxConnections: values.SSE_MAX_CONNECTIONS,
    maxStreamMs: values.SSE_MAX_STREAM_MS,
    retryMs: values.SSE_RETRY_MS,
  };
}

/** The process's settings. */
export const settings = readSettings(config.variables);
