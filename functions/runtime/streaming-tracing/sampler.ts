import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import type { Variables } from "./settings";

const DEFAULT = "parentbased_always_on";

function ratioOf(variables: Variables): number {
  const text = variables["OTEL_TRACES_SAMPLER_ARG"];
  const ratio = text === undefined || text === "" ? Number.NaN : Number(text);
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new Error(
    `OTEL_TRACES_SAMPLER_ARG is ${text ?? "not set"}, expected a number from 0 to 1 for parentbased_traceidratio.`,
  );
}

/**
 * The sampler `OTEL_TRACES_SAMPLER` names, so that sampling can change without a rebuild (SSE-B5).
 *
 * @throws Error for samplers that disregard Lambda's own decision, `always_on` above all, and for unknown ones
 */
export function samplerOf(variables: Variables): Sampler {
  const name = variables["OTEL_TRACES_SAMPLER"] || DEFAULT;
  switch (name) {
    case "parentbased_always_on":
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case "parentbased_always_off":
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case "parentbased_traceidratio":
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratioOf(variables)) });
    default:
      throw new Error(
        `OTEL_TRACES_SAMPLER is ${name}, which is unknown or disregards the Sampled=0 of the trace header. ` +
          `Use ${DEFAULT}, parentbased_always_off or parentbased_traceidratio.`,
      );
  }
}
