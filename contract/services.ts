import { type Environment, physicalName } from "./names";

/** What starts a function. Topics are keys of `TOPICS`; times are seconds. */
export type Trigger =
  | { readonly kind: "schedule"; readonly everySeconds: number }
  | { readonly kind: "topic"; readonly topic: "analysis-requests" | "notifications" }
  /** Every request to the REST API, through API Gateway. */
  | { readonly kind: "api" }
  /** A Function URL whose response is streamed to the caller. */
  | { readonly kind: "url" };

/** One traced function, as promised to everything that is derived from it. */
export interface Service {
  /** OpenTelemetry `service.name`; equals `POWERTOOLS_SERVICE_NAME` (TRC-6). */
  readonly serviceName: string;
  readonly trigger: Trigger;
  /** Lambda timeout in seconds; latency alarms are fractions of it. */
  readonly timeoutSeconds: number;
  /** Lambda memory in MB; memory alarms are fractions of it. */
  readonly memoryMb: number;
  /** Executions that may run at once; bounds cost and the load on what the function calls. */
  readonly reservedConcurrency: number;
  /** How the code ships. */
  readonly packaging: "zip" | "image";
  /** One sentence for descriptions and docs. */
  readonly purpose: string;
}

/** Every function (requirements §1), keyed by the name used in paths and alarms. */
export const SERVICES = {
  ingestion: {
    serviceName: "sentiment-analyzer-ingestion",
    trigger: { kind: "schedule", everySeconds: 300 },
    timeoutSeconds: 60,
    memoryMb: 512,
    reservedConcurrency: 1,
    packaging: "zip",
    purpose: "Fetches news from both vendors, stores new articles and asks for their analysis.",
  },
  analysis: {
    serviceName: "sentiment-analyzer-analysis",
    trigger: { kind: "topic", topic: "analysis-requests" },
    timeoutSeconds: 60,
    memoryMb: 1024,
    reservedConcurrency: 5,
    packaging: "zip",
    purpose: "Scores an article and adds it to the time buckets of its tickers.",
  },
  metrics: {
    serviceName: "sentiment-analyzer-metrics",
    trigger: { kind: "schedule", everySeconds: 60 },
    timeoutSeconds: 60,
    memoryMb: 256,
    reservedConcurrency: 1,
    packaging: "zip",
    purpose: "Counts stuck items and proves that custom metrics still arrive.",
  },
  dashboard: {
    serviceName: "sentiment-analyzer-dashboard",
    trigger: { kind: "api" },
    timeoutSeconds: 30,
    memoryMb: 1024,
    reservedConcurrency: 10,
    packaging: "zip",
    purpose: "Answers the requests of browsers.",
  },
  notification: {
    serviceName: "sentiment-analyzer-notification",
    trigger: { kind: "topic", topic: "notifications" },
    timeoutSeconds: 30,
    memoryMb: 256,
    reservedConcurrency: 5,
    packaging: "zip",
    purpose: "Mails people whose alert has triggered.",
  },
  sse: {
    serviceName: "sentiment-analyzer-sse",
    trigger: { kind: "url" },
    // Lambda's maximum; a stream ends itself long before (STREAM.maxStreamMs).
    timeoutSeconds: 900,
    memoryMb: 1024,
    reservedConcurrency: 25,
    packaging: "image",
    purpose: "Streams live sentiment to browsers as server-sent events.",
  },
  canary: {
    serviceName: "sentiment-analyzer-canary",
    trigger: { kind: "schedule", everySeconds: 300 },
    // Two look-ups, 30 s and 60 s after submission, and what comes before and after them.
    timeoutSeconds: 120,
    memoryMb: 256,
    reservedConcurrency: 1,
    packaging: "zip",
    purpose: "Sends traces and metrics of its own and tells when they do not arrive.",
  },
} as const satisfies Record<string, Service>;

/** Key of {@link SERVICES}. */
export type ServiceKey = keyof typeof SERVICES;

/** All service keys, in declaration order. */
export const SERVICE_KEYS = Object.keys(SERVICES) as readonly ServiceKey[];

/** The six functions that do the application's work; the canary watches them (ALM-1). */
export const APPLICATION_SERVICES = SERVICE_KEYS.filter((service) => service !== "canary");

/** Key of a service whose code is a zip. */
export type ZipServiceKey = {
  [S in ServiceKey]: (typeof SERVICES)[S]["packaging"] extends "zip" ? S : never;
}[ServiceKey];

/** The services whose code is a zip, in declaration order; the others are container images. */
export const ZIP_SERVICES = SERVICE_KEYS.filter(
  (service): service is ZipServiceKey => SERVICES[service].packaging === "zip",
);

/** The Lambda function name of a service in an environment. */
export function functionName(environment: Environment, service: ServiceKey): string {
  return physicalName(environment, service);
}

/** The CloudWatch log group a service writes to. */
export function logGroupName(environment: Environment, service: ServiceKey): string {
  return `/aws/lambda/${functionName(environment, service)}`;
}

/**
 * How often a service is started, in seconds; `undefined` when only events start it. An alarm's period is never
 * shorter than this (design §4).
 */
export function scheduleSeconds(service: ServiceKey): number | undefined {
  const trigger: Trigger = SERVICES[service].trigger;
  return trigger.kind === "schedule" ? trigger.everySeconds : undefined;
}

/** True when Lambda invokes the service asynchronously, so that retries and a dead-letter queue apply. */
export function isAsynchronous(service: ServiceKey): boolean {
  const kind: Trigger["kind"] = SERVICES[service].trigger.kind;
  return kind === "schedule" || kind === "topic";
}
