import type { RumSettings } from "./rum-settings";

/** What the page was built with. */
export interface PageSettings {
  /** Where the API is, its stage included. */
  readonly apiUrl: string;
  /** Address of the lab's own controls; empty outside the lab. */
  readonly labUrl: string;
  readonly version: string;
}

/** What the API says about the rest (D29, D34). */
export interface RuntimeSettings {
  readonly streamUrl: string;
  readonly environment: string;
  /** Absent when nobody monitors the page. */
  readonly rum?: RumSettings;
}

function meta(name: string): string {
  const found = document.querySelector(`meta[name="tracewright-${name}"]`);
  if (found instanceof HTMLMetaElement) return found.content;
  throw new Error(`index.html has no <meta name="tracewright-${name}">; build the page anew`);
}

/** Reads what the build wrote into the page. @throws Error naming what is missing */
export function pageSettings(): PageSettings {
  return { apiUrl: meta("api"), labUrl: meta("lab"), version: meta("version") };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function rumSettings(value: unknown): RumSettings | undefined {
  const { monitor_id, identity_pool_id, sample_rate, region } = fields(value);
  const texts = [monitor_id, identity_pool_id, region];
  if (!texts.every((text) => typeof text === "string" && text !== "")) return undefined;
  if (typeof sample_rate !== "number" || !(sample_rate > 0 && sample_rate <= 1)) return undefined;
  const [monitorId, identityPoolId, where] = texts.map(String);
  if (monitorId === undefined || identityPoolId === undefined || where === undefined) return undefined;
  return { monitorId, identityPoolId, sampleRate: sample_rate, region: where };
}

/**
 * Reads the answer of the route `runtime`.
 *
 * @throws Error when it names no usable stream; nothing is put in its place (D34)
 */
export function runtimeSettings(answer: unknown): RuntimeSettings {
  const { sse_url, environment, rum } = fields(answer);
  if (typeof sse_url !== "string" || !URL.canParse(sse_url) || !/^https?:/.test(sse_url)) {
    throw new Error("The API names no stream. Set the dashboard function's STREAM_URL to the Function URL.");
  }
  const monitored = rumSettings(rum);
  return {
    streamUrl: sse_url.replace(/\/+$/, ""),
    environment: typeof environment === "string" ? environment : "",
    ...(monitored === undefined ? {} : { rum: monitored }),
  };
}
