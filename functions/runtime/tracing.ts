import { Tracer } from "@aws-lambda-powertools/tracer";
import type { FAILURE_PATHS, FailurePathKey } from "../../contract/failure-paths";
import { SERVICES } from "../../contract/services";
import type { AnnotationKey, SpanName } from "../../contract/spans";
import { boundError, boundInPlace } from "./bounded-error";

/** What an annotation may hold; the X-Ray SDK lets `null`, arrays and dates through, so the type must not. */
export type AnnotationValue = string | number | boolean;

/** Annotations by key. */
export type Annotations = Readonly<Partial<Record<AnnotationKey, AnnotationValue>>>;

/** Every name a subsegment may have. */
export type SubsegmentName = SpanName | (typeof FAILURE_PATHS)[FailurePathKey]["subsegment"];

/** X-Ray's limit on the characters of an annotation. */
const ANNOTATION_LENGTH = 1000;

/**
 * Service names whose tracing does not start by itself at load, because they guard its start: the canary alone must
 * outlive what it watches (CAN-9, R-20).
 */
const GUARDED: readonly (string | undefined)[] = [SERVICES.canary.serviceName];

/** The process's one tracer; a second one would record every fetch twice (TRC-1, TRC-2). */
let tracer: Tracer;

// Everybody else stops at load (TRC-7).
if (!GUARDED.includes(process.env["POWERTOOLS_SERVICE_NAME"])) beginTracing();

/**
 * Starts the tracer. Only who guards its start calls this, and calls nothing else of this file before it has returned.
 *
 * @throws Error when Powertools would silently switch itself off (TRC-7)
 */
export function beginTracing(): void {
  tracer ??= startTracer();
}

function startTracer(): Tracer {
  if (!process.env["AWS_EXECUTION_ENV"]) {
    throw new Error(
      "Tracing cannot start: AWS_EXECUTION_ENV is not set, so Powertools would record nothing and say nothing. " +
        "Lambda sets it on managed runtimes; set it (for example to AWS_Lambda_nodejs22.x) in containers and tests.",
    );
  }
  if (process.env["AWS_SAM_LOCAL"]) {
    throw new Error(
      "Tracing cannot start: AWS_SAM_LOCAL is set, so Powertools would record nothing and say nothing. " +
        "Unset it; to run without traces on purpose set POWERTOOLS_TRACE_ENABLED=false.",
    );
  }
  return new Tracer();
}

const GENERATOR = /^\[object (Async)?Generator(Function)?\]$/;

function refuseGenerator(name: string, value: unknown): void {
  const kind = Object.prototype.toString.call(value);
  if (!GENERATOR.test(kind)) return;
  throw new TypeError(
    `traced("${name}") was given a generator ${kind}; its subsegment would close before the first item. ` +
      "Trace the work inside the generator, or the loop that consumes it.",
  );
}

/**
 * Runs `work` inside a new subsegment of the current one. An exception marks the subsegment as fault with a bounded
 * cause and is rethrown; the subsegment is closed in every case (TRC-1). The return value is never recorded (TRC-5).
 *
 * @param name subsegment name from the contract
 * @param work synchronous or asynchronous; the subsegment ends when it settles
 * @param annotations written before `work` starts, so that they survive its failure
 * @throws TypeError when given a generator (TRC-3); otherwise whatever `work` throws, cut to DAT-1
 */
export async function traced<T>(
  name: SubsegmentName,
  work: () => Promise<T> | T,
  annotations: Annotations = {},
): Promise<T> {
  refuseGenerator(name, work);
  if (!tracer.isTracingEnabled()) return work();
  // Never setSegment(): under Promise.all it makes siblings children of each other, and in Lambda it outlives the
  // invocation. captureAsyncFunc gives each call its own context, or no subsegment at all when there is no parent.
  const captured = tracer.provider.captureAsyncFunc(name, async (subsegment) => {
    try {
      for (const [key, value] of Object.entries(annotations)) subsegment?.addAnnotation(key, bounded(value));
      const result = await work();
      refuseGenerator(name, result);
      return result;
    } catch (error) {
      const { stack = "", ...cause } = boundError(error);
      subsegment?.addError({ ...cause, stack });
      throw boundInPlace(error);
    } finally {
      subsegment?.close();
    }
  });
  return captured as Promise<T>;
}

function bounded(value: AnnotationValue): AnnotationValue {
  return typeof value === "string" ? value.slice(0, ANNOTATION_LENGTH) : value;
}

/**
 * Annotates the current subsegment; only inside {@link traced}, because Lambda's own segment cannot be changed.
 *
 * @param key a key of the contract; others are refused by the compiler (DAT-3)
 * @param value strings are cut to 1000 characters
 */
export function annotate(key: AnnotationKey, value: AnnotationValue): void {
  tracer.putAnnotation(key, bounded(value));
}

/**
 * Marks the current subsegment by the status of an HTTP answer, where no exception leaves the function to do it: 5xx is
 * a fault with its bounded cause (D31), 429 a throttle, any other 4xx the client's error.
 *
 * @param status HTTP status, also written as annotation `http_status`
 * @param cause what led to a status of 500 or above
 */
export function markAnswer(status: number, cause?: unknown): void {
  annotate("http_status", status);
  const segment = tracer.isTracingEnabled() ? tracer.getSegment() : undefined;
  if (segment === undefined || status < 400) return;
  if (status >= 500) {
    const { stack = "", ...bound } = boundError(cause);
    segment.addError({ ...bound, stack });
  } else {
    segment.addErrorFlag();
    if (status === 429) segment.addThrottleFlag();
  }
}

/** Annotates the current subsegment with the service name and whether this is a cold start (TRC-6). */
export function annotateInvocation(): void {
  tracer.addServiceNameAnnotation();
  tracer.annotateColdStart();
}

/** What {@link captureClient} needs of an AWS SDK v3 client. */
interface Client {
  readonly middlewareStack: {
    /** Each client types its middleware by its own commands; one that fits all has to be passed as `never`. */
    add(middleware: never, options: { step: "finalizeRequest"; priority: "high"; name: string }): void;
  };
}

/**
 * Makes an AWS SDK v3 client record one subsegment per call, retries included (TRC-2). Call it once per client.
 *
 * @returns the same client
 */
export function captureClient<T extends Client>(client: T): T {
  // The capture writes the service's error as it comes. Cutting it here, one step closer to the wire, keeps the
  // document below what the daemon accepts (DAT-1).
  const boundErrors = (next: (args: unknown) => Promise<unknown>) => async (args: unknown) => {
    try {
      return await next(args);
    } catch (error) {
      throw boundInPlace(error);
    }
  };
  client.middlewareStack.add(boundErrors as never, {
    step: "finalizeRequest",
    priority: "high",
    name: "boundErrors",
  });
  return tracer.captureAWSv3Client(client);
}

/**
 * The current trace id, bare: `1-{8 hex}-{24 hex}` (CORR-1). `undefined` outside an invocation or without a valid
 * trace header.
 */
export function traceId(): string | undefined {
  const root = tracer.getRootXrayTraceId();
  return root !== undefined && /^1-[0-9a-f]{8}-[0-9a-f]{24}$/.test(root) ? root : undefined;
}
