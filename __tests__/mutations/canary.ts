import type { Mutation } from "./mutation";

const TRACES = "__tests__/functions/canary/traces.test.ts";
const METRICS = "__tests__/functions/canary/metrics.test.ts";
const SURROUNDINGS = "__tests__/functions/canary/surroundings.test.ts";

/** A canary that sends nothing, sees nothing or tells nobody. */
export const CANARY_MUTATIONS: readonly Mutation[] = [
  {
    defect: "D16",
    file: "functions/canary/segments.ts",
    find: "const { UnprocessedTraceSegments = [] } = await xray.send(\n      new PutTraceSegmentsCommand({ TraceSegmentDocuments }),\n    );",
    replace:
      "const UnprocessedTraceSegments: { ErrorCode?: string }[] = [];\n    void [xray, PutTraceSegmentsCommand, TraceSegmentDocuments];",
    test: TRACES,
    name: "all found at 30 s",
  },
  {
    defect: "D16",
    file: "functions/canary/run.ts",
    find: 'metrics.emit("CanaryHealth", planes.length === 0 ? 1 : 0);',
    replace: 'metrics.emit("CanaryHealth", verdict.lost.length === 0 ? 1 : 0);',
    test: METRICS,
    name: "accepted and is not there",
  },
  {
    defect: "CAN-2",
    file: "functions/canary/lookup.ts",
    find: "if (wanted.satisfied(look)) break;",
    replace: "break;",
    test: TRACES,
    name: "found only at 60 s",
  },
  {
    defect: "CAN-4",
    file: "functions/canary/window.ts",
    find: "at > now - CANARY.windowSeconds",
    replace: "at > now - 60 * CANARY.windowSeconds",
    test: TRACES,
    name: "three losses of sixty",
  },
  {
    defect: "CAN-5",
    file: "functions/canary/marker.ts",
    find: 'values.includes(marker.value) ? "found" : "missing"',
    replace: 'values.length >= 0 ? "found" : "missing"',
    test: METRICS,
    name: "accepted and is not there",
  },
  {
    defect: "CAN-6",
    file: "functions/canary/errors.ts",
    find: "return !isRefusal(error) && !INVALID.test(errorCode(error));",
    replace: "return !INVALID.test(errorCode(error).slice(0, 0));",
    test: METRICS,
    name: "one attempt",
  },
  {
    defect: "CAN-7",
    file: "functions/canary/clients.ts",
    find: "backupTopics: new SNSClient({ ...CALL, ...there })",
    replace: "backupTopics: new SNSClient(here)",
    test: METRICS,
    name: "one attempt",
  },
  {
    defect: "CAN-9",
    file: "functions/canary/guarded-tracer.ts",
    find: "if (this.#tracing !== undefined) return true;",
    replace: "if (this.#tracing !== undefined || this.#failures > 0) return this.#failures === 0;",
    test: SURROUNDINGS,
    name: "tried again each run",
  },
  {
    defect: "CAN-10",
    file: "functions/canary/api-check.ts",
    find: "return parts.filter(([, is]) => !trace.pieces.some(is)).map(([part]) => part);",
    replace: "return parts.filter(() => trace.pieces.length === 0).map(([part]) => part);",
    test: SURROUNDINGS,
    name: "traces without function",
  },
  {
    defect: "IAM-4",
    file: "functions/canary/drift.ts",
    find: 'return result.EvalDecision !== "allowed";',
    replace: 'return result.EvalDecision === "explicitDeny";',
    test: SURROUNDINGS,
    name: "an event of IAM",
  },
];
