/** What an archive of traces is and how long it is kept (DOC-6). */
export const TRACE_ARCHIVE = {
  /** Key prefix of everything an archive writes. */
  prefix: "traces/",
  /** Days until S3 deletes an object. */
  retentionDays: 365,
  /** The tag every object carries, so that a lifecycle rule finds it in a bucket that holds other things, too. */
  tag: { key: "tracewright", value: "trace-archive" },
} as const;
