/** HTTP headers this system sends, allows and exposes; lower case as Node delivers them. */
export const HEADERS = {
  /** X-Ray's trace context: `Root=…;Parent=…;Sampled=…`. */
  traceId: "x-amzn-trace-id",
} as const;
