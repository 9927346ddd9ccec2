/** One step of bringing tracing into a system, and the steps that must be live before it. */
export interface DeploymentStep {
  readonly after: readonly string[];
  /** One sentence for people. */
  readonly what: string;
}

/**
 * The order in which tracing goes live (DEP-1, R-44). Steps that do not name each other may go in parallel; one
 * `terraform apply` of this suite takes all steps but the last three together and keeps their order by its own edges.
 */
export const DEPLOYMENT_STEPS = {
  quota: { after: [], what: "Ask for the X-Ray quota; AWS may take days." },
  permissions: { after: [], what: "Attach the X-Ray policies, before any code needs them." },
  tracer: { after: ["quota", "permissions"], what: "Trace every function by the one standard." },
  metrics: { after: ["tracer"], what: "Emit metrics and the heartbeat." },
  "topic-propagation": { after: ["tracer"], what: "Carry traces through SNS; tracewright gate sns passes." },
  "silent-failures": { after: ["tracer"], what: "Record and count the caught errors." },
  streaming: { after: ["tracer"], what: "Trace the streaming function by OpenTelemetry." },
  mail: { after: ["tracer"], what: "Trace what is mailed." },
  canary: {
    after: ["metrics", "topic-propagation", "silent-failures", "streaming", "mail"],
    what: "Start the canary at once: from here on loss of traces or metrics is noticed.",
  },
  cors: { after: ["permissions"], what: "Let browsers send and read the trace headers." },
  client: { after: ["cors"], what: "Release the page whose requests carry a trace." },
  sampling: { after: ["tracer"], what: "Set sampling rules and groups." },
  alarms: { after: ["tracer"], what: "Create the alarms." },
  annotations: { after: ["tracer"], what: "Annotate latency, caches and connections." },
  gates: {
    after: ["canary", "client", "sampling", "alarms", "annotations"],
    what: "Pass the release gates: structure, annotations, service map, latency.",
  },
  "logging-removal": { after: ["gates"], what: "Remove the loggers that tracing replaces." },
  audit: { after: ["logging-removal"], what: "Audit what still asks for removed names." },
} as const satisfies Record<string, DeploymentStep>;

/** Key of {@link DEPLOYMENT_STEPS}. */
export type DeploymentStepKey = keyof typeof DEPLOYMENT_STEPS;

/** All steps, in an order that keeps every edge. */
export const DEPLOYMENT_ORDER = Object.keys(DEPLOYMENT_STEPS) as readonly DeploymentStepKey[];
