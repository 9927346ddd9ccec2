/** Address the collector takes spans at, and the function's exporter sends them to (SSE-A3). */
export const OTLP_ADDRESS = "localhost:4318";
