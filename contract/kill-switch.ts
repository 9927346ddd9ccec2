/** Environment variables that switch a function's tracing off and on, with the value for each (SSE-B13). */
export const TRACING_SWITCHES = {
  /** OpenTelemetry: the streaming function. */
  OTEL_SDK_DISABLED: { off: "true", on: "false" },
  /** Powertools: every other function. Lambda's own segment stays; only Active tracing could remove it. */
  POWERTOOLS_TRACE_ENABLED: { off: "false", on: "true" },
} as const;

/** Name of a variable of {@link TRACING_SWITCHES}. */
export type TracingSwitch = keyof typeof TRACING_SWITCHES;

/** When tracing is switched off rather than sampled less, which comes first (DEP-3). */
export const KILL_SWITCH_CRITERIA = {
  /** Share of exports that fail, for so many minutes. */
  exportFailures: { share: 0.5, minutes: 10 },
  /** Milliseconds an environment takes to start. */
  initMs: 2000,
} as const;

/** Bytes Lambda has for all environment variables of a function. */
export const VARIABLES_BYTES = 4096;
