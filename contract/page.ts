/**
 * The address of a page, in a Terraform regular expression and in JavaScript alike: https anywhere, http on one's own
 * machine, neither query nor fragment.
 */
export const PAGE_URL = "^(https://[a-z0-9.-]+|http://localhost)(:[0-9]{1,5})?(/[^ ?#]*)?$";

/** How the page starts its monitoring; times in milliseconds. */
export const PAGE_MONITORING = {
  /** The first request after the settings waits at most so long for the monitoring client (FE-5). */
  waitMs: 5000,
} as const;

/** What the page writes to the console, as JSON, when the monitoring client comes too late (FE-5). */
export const RUM_TIMEOUT_LINE = { rum_init_timeout: true, delay_ms: PAGE_MONITORING.waitMs } as const;

/** What the page writes to the console, as JSON, when the monitoring client does not come at all. */
export const RUM_FAILED_LINE = { rum_init_failed: true } as const;

/** What the client writes to the console, as JSON, when an origin takes requests only without the trace header. */
export const HEADER_REFUSED_LINE = { trace_header_refused: true } as const;
