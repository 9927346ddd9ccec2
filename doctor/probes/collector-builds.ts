/** The kinds of parts a collector's configuration names. */
export const PART_KINDS = ["receivers", "processors", "exporters", "extensions", "connectors"] as const;

/** One of {@link PART_KINDS}. */
export type PartKind = (typeof PART_KINDS)[number];

/** What a build of the collector knows. */
export type CollectorBuild = Readonly<Record<PartKind, readonly string[]>>;

/**
 * Parts each pinned version of AWS's collector for Lambda knows, by the version in the layer's name. A configuration
 * that names any other does not start, and a collector that does not start fails the invocation. Source:
 * `adot/collector/lambdacomponents/default.go` of aws-observability/aws-otel-lambda. What it calls `logging` is `debug`
 * from 0.111 on in the collector upstream; neither is listed, because a release logs no spans.
 */
export const COLLECTOR_BUILDS: Readonly<Record<string, CollectorBuild>> = {
  "0-117-0": {
    receivers: ["otlp"],
    processors: [],
    exporters: ["awsxray", "awsemf", "otlp", "otlphttp", "prometheus", "prometheusremotewrite"],
    extensions: ["sigv4auth"],
    connectors: [],
  },
};
