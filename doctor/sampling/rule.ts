/** A sampling rule of X-Ray, whatever it was read from. Patterns know `*` and `?`. */
export interface Rule {
  readonly name: string;
  /** The lowest that matches decides. */
  readonly priority: number;
  /** Requests a second sampled in any case. */
  readonly reservoir: number;
  /** Share sampled beyond the reservoir, 0 to 1. */
  readonly rate: number;
  readonly serviceName: string;
  readonly serviceType: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly resourceArn: string;
  /** Headers of the request a gateway compares. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Fields of a rule that are compared with a request. */
export const COMPARED = ["serviceName", "serviceType", "host", "method", "path", "resourceArn"] as const;

/** One of {@link COMPARED}. */
export type ComparedField = (typeof COMPARED)[number];

/** What messages call a field, and the option that states it. */
export const FIELDS: Readonly<Record<ComparedField, { readonly label: string; readonly option: string }>> = {
  serviceName: { label: "service name", option: "--service" },
  serviceType: { label: "service type", option: "--type" },
  host: { label: "host", option: "--host" },
  method: { label: "HTTP method", option: "--method" },
  path: { label: "URL path", option: "--path" },
  resourceArn: { label: "resource ARN", option: "--resource-arn" },
};

/** Who makes the first decision about a request. */
export type Decider = "gateway" | "lambda" | "sdk";

/** A request as far as rules look at it, and what was decided about it before. */
export interface SampledRequest extends Readonly<Partial<Record<ComparedField, string>>> {
  readonly attributes: Readonly<Record<string, string>>;
  readonly decider: Decider;
  /** What the caller's trace header says already. */
  readonly decided: "sampled" | "not sampled" | undefined;
}
