import type { Environment } from "../../contract/names";
import { functionName } from "../../contract/services";
import { ANNOTATIONS, STREAM_ANNOTATIONS } from "../../contract/spans";
import {
  type AnyAnnotationKey,
  JUDGED_SERVICES,
  type JudgedService,
  REQUIRED_ANNOTATIONS,
} from "../../contract/trace-structure";
import type { Trace } from "../xray/trace";
import type { Finding } from "./finding";
import { partsOf } from "./function-parts";

/** The type a key's values must have, as the contract words it: `string: …`, `number: …` or `boolean: …`. */
function typeOf(service: JudgedService, key: AnyAnnotationKey): string {
  const known: Readonly<Record<string, string>> = service === "sse" ? STREAM_ANNOTATIONS : ANNOTATIONS;
  return known[key]?.split(":")[0] ?? "";
}

/** Whether metadata holds a key, at whatever depth of namespaces. */
function inMetadata(metadata: Readonly<Record<string, unknown>>, key: string): boolean {
  return Object.entries(metadata).some(
    ([name, value]) =>
      name === key || (typeof value === "object" && value !== null && Object.hasOwn(value, key)),
  );
}

function judge(environment: Environment, service: JudgedService, traces: readonly Trace[]): Finding {
  const name = functionName(environment, service);
  const own = traces.map((trace) => partsOf(trace, name)).filter(({ segments }) => segments.length > 0);
  const pieces = own.flatMap(({ segments, parts }) => [...segments, ...parts]);
  const required: readonly AnyAnnotationKey[] = REQUIRED_ANNOTATIONS[service];
  const wrong = required.flatMap((key) => {
    const values = pieces.flatMap(({ annotations }) => annotations[key] ?? []);
    const type = typeOf(service, key);
    if (values.length > 0) {
      const odd = values.find((value) => typeof value !== type);
      return odd === undefined ? [] : [`${key} is a ${typeof odd}, not a ${type}`];
    }
    return pieces.some(({ metadata }) => inMetadata(metadata, key))
      ? [`${key} is metadata, which cannot be searched`]
      : [`no ${key}`];
  });
  return {
    what: `annotations of ${name}`,
    found:
      own.length === 0 ? "no trace" : wrong.length === 0 ? `all in ${own.length} traces` : wrong.join(", "),
    expected: `${required.length} keys of the contract`,
    verdict: own.length === 0 ? "undecided" : wrong.length === 0 ? "passed" : "failed",
    nextStep:
      own.length === 0
        ? "let the function do its work once with a sampled request, or look further back with --minutes"
        : "see contract/trace-structure.ts; the stream's keys must be among the collector's indexed_attributes",
  };
}

/**
 * [AWS] DEP-2: doctor/gates/annotations.ts
 *
 * Judges whether the traces of each function have, together, every annotation the contract requires, of the right type
 * and searchable. More keys are fine.
 */
export function judgeAnnotations(environment: Environment, traces: readonly Trace[]): readonly Finding[] {
  return JUDGED_SERVICES.map((service) => judge(environment, service, traces));
}
