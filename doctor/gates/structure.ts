import type { Environment } from "../../contract/names";
import { functionName } from "../../contract/services";
import {
  type CallName,
  JUDGED_SERVICES,
  type JudgedService,
  TRACE_STRUCTURE,
  type TraceStructure,
} from "../../contract/trace-structure";
import type { Trace } from "../xray/trace";
import type { Finding } from "./finding";
import { type FunctionParts, partsOf } from "./function-parts";

function callOf({ namespace, name }: FunctionParts["parts"][number]): string | undefined {
  if (namespace === "remote") return "remote";
  return namespace === "aws" ? name : undefined;
}

/** What a trace lacks, for example `1 of 3 DynamoDB`. */
function lacks({ parts }: FunctionParts, { calls, others }: TraceStructure): readonly string[] {
  const wanted = Object.entries(calls) as readonly [CallName, number][];
  const counted = wanted.map(([name, least]) => ({
    name,
    least,
    count: parts.filter((part) => callOf(part) === name).length,
  }));
  const rest = parts.length - counted.reduce((sum, { count }) => sum + count, 0);
  return [...counted, { name: "others", least: others, count: rest }]
    .filter(({ count, least }) => count < least)
    .map(({ name, least, count }) => `${count} of ${least} ${name}`);
}

function expectedOf({ calls, others }: TraceStructure): string {
  const wanted = Object.entries(calls).map(([name, least]) => `${least} ${name}`);
  return ["its segment", ...wanted, ...(others === 0 ? [] : [`${others} others`])].join(", ");
}

function judge(environment: Environment, service: JudgedService, traces: readonly Trace[]): Finding {
  const name = functionName(environment, service);
  const wanted: TraceStructure = TRACE_STRUCTURE[service];
  const own = traces.map((trace) => partsOf(trace, name)).filter(({ segments }) => segments.length > 0);
  const missing = own.map((one) => lacks(one, wanted));
  const whole = missing.filter((one) => one.length === 0).length;
  const nearest = [...missing].sort((a, b) => a.length - b.length)[0] ?? [];
  return {
    what: `traces of ${name}`,
    found:
      own.length === 0
        ? "none"
        : whole > 0
          ? `${whole} of ${own.length} whole`
          : `${own.length}, the best with ${nearest.join(", ")}`,
    expected: `one at least with ${expectedOf(wanted)}`,
    verdict: own.length === 0 ? "undecided" : whole > 0 ? "passed" : "failed",
    nextStep:
      own.length === 0
        ? "let the function do its work once with a sampled request, or look further back with --minutes"
        : "open a trace of it and see which call is not captured: tracewright traces show ID",
  };
}

/**
 * [AWS] DEP-2: doctor/gates/structure.ts
 *
 * Judges whether every function has a trace with all a whole run records. Not every trace need: a cached answer reads no
 * table, and a refused request does nothing.
 */
export function judgeStructure(environment: Environment, traces: readonly Trace[]): readonly Finding[] {
  return JUDGED_SERVICES.map((service) => judge(environment, service, traces));
}
