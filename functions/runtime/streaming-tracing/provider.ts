import { context, propagation, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { AWSXRayIdGenerator } from "@opentelemetry/id-generator-aws-xray";
import { AWSXRayPropagator } from "@opentelemetry/propagator-aws-xray";
import { awsLambdaDetector } from "@opentelemetry/resource-detector-aws";
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { listenToOpenTelemetry, writeDiagnostic } from "./diagnostics";
import { ObservedExporter } from "./observed-exporter";
import { samplerOf } from "./sampler";
import { BATCH, FLUSH_CAP_MS, readSettings, type TracingSettings } from "./settings";
import { SpanLedger } from "./span-ledger";

/** What {@link flush.safeForceFlush} works on. */
export interface Pipeline {
  readonly processor: BatchSpanProcessor;
  readonly exporter: ObservedExporter;
  readonly ledger: SpanLedger;
}

/** The process's tracing. */
export interface Tracing {
  readonly tracer: Tracer;
  readonly propagator: AWSXRayPropagator;
  /** `undefined` when the kill switch is on. */
  readonly pipeline: Pipeline | undefined;
}

/** Runs one step of the start and says which failed before the error goes on (SSE-B12). */
function step<T>(component: string, create: () => T): T {
  try {
    return create();
  } catch (error) {
    writeDiagnostic({
      component,
      error: error instanceof Error ? error.message : String(error),
      action: "the function does not start; correct its configuration and deploy again",
    });
    throw error;
  }
}

function resourceOf({ serviceName }: TracingSettings): Resource {
  return defaultResource()
    .merge(detectResources({ detectors: [envDetector, awsLambdaDetector] }))
    .merge(resourceFromAttributes({ "service.name": serviceName }));
}

function pipelineOf({ endpoint, exportTimeoutMs }: TracingSettings): Pipeline {
  const ledger = new SpanLedger();
  const exporter = step(
    "exporter",
    () =>
      new ObservedExporter(
        new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: exportTimeoutMs }),
      ),
  );
  const processor = step(
    "processor",
    () =>
      new BatchSpanProcessor({
        ...BATCH,
        exporter,
        // Above the exporter's own limit, so that the exporter's answer is the one that counts.
        exportTimeoutMillis: FLUSH_CAP_MS * 2,
        selfObsMeterProvider: ledger,
      }),
  );
  return { ledger, exporter, processor };
}

/**
 * Starts the process's tracing: provider, processor and exporter once, no exit hooks, X-Ray's ids and header.
 *
 * @throws Error when the configuration is incomplete; a JSON line names the component
 */
export function startTracing(variables: Readonly<Record<string, string | undefined>>): Tracing {
  const settings = step("settings", () => readSettings(variables));
  const sampler = step("sampler", () => samplerOf(variables));
  const propagator = new AWSXRayPropagator();
  listenToOpenTelemetry();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(propagator);
  if (!settings.enabled) {
    return { tracer: trace.getTracer(settings.serviceName), propagator, pipeline: undefined };
  }
  const pipeline = pipelineOf(settings);
  const provider = step(
    "provider",
    () =>
      new TracerProvider({
        resource: resourceOf(settings),
        sampler,
        idGenerator: new AWSXRayIdGenerator(),
        spanProcessors: [pipeline.processor],
        meterProvider: pipeline.ledger,
      }),
  );
  trace.setGlobalTracerProvider(provider);
  return { tracer: provider.getTracer(settings.serviceName), propagator, pipeline };
}
