import { everyPiece, type Trace } from "../xray/trace";
import { scanClients } from "./client-scan";
import { overEntry, type SeenEntry } from "./entry-text";
import type { Finding, Probe } from "./probe";
import { overTraces } from "./trace-finding";

const WANTED = "captureAWSv3Client around every AWS client";
const FIX =
  "wrap each client once: tracer.captureAWSv3Client(new DynamoDBClient({})) of Powertools, or AWSXRay.captureAWSv3Client";
const AWS_HOST = /(?:^|\/\/)[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?(?:[:/]|$)/;

function judgeEntry(text: string, seen: SeenEntry): Finding {
  const scan = scanClients(text);
  if (scan.bundled.length > 0) {
    const found = `a bundle with clients of ${scan.bundled.join(", ")}`;
    // OpenTelemetry's own instrumentation of the AWS SDK does nothing in a bundle, and says nothing.
    if (!scan.canRecord)
      return { ...seen, verdict: "fail", found: `${found}, and nothing that captures`, fix: FIX };
    const fix = "name the source, or a trace (--trace): in a bundle names are gone";
    return { ...seen, verdict: "undecided", found, fix };
  }
  if (scan.bare.length > 0)
    return { ...seen, verdict: "fail", found: `bare: ${scan.bare.join(", ")}`, fix: FIX };
  const found = scan.captured.length === 0 ? "no AWS client" : `captured: ${scan.captured.join(", ")}`;
  return { ...seen, verdict: "pass", found };
}

function judgeTraces(traces: readonly Trace[], evidence: string): Finding {
  const seen = { evidence, wanted: "every AWS call as a call of an AWS service" };
  const pieces = traces.flatMap((trace) => [...everyPiece(trace)]);
  const wrapped = new Set(pieces.filter(({ namespace }) => namespace === "aws").map(({ name }) => name));
  const bare = pieces.filter(
    ({ namespace, name, http }) =>
      namespace !== "aws" && (AWS_HOST.test(name) || AWS_HOST.test(http.url ?? "")),
  );
  const calls = bare.filter(({ namespace }) => namespace === "remote").map(({ name }) => name);
  if (calls.length > 0) {
    const found = `plain HTTP to ${[...new Set(calls)].join(", ")}`;
    return { ...seen, verdict: "fail", found, fix: FIX };
  }
  if (wrapped.size > 0) return { ...seen, verdict: "pass", found: [...wrapped].sort().join(", ") };
  const fix = `if the program calls AWS, ${FIX}; in Lambda a bare client leaves nothing at all`;
  return { ...seen, verdict: "undecided", found: "no AWS call", fix };
}

/** DOC-3 missing downstream: AWS clients are captured. */
export const wrappedClients: Probe = {
  id: "wrapped-clients",
  label: "AWS clients captured",
  why: "A client that is not captured is invisible in Lambda, because the AWS SDK sets the trace header itself.",
  weight: "required",
  missing: ({ entry, trace }) =>
    entry === undefined && trace === undefined ? "--entry FILE or --trace FILE" : undefined,
  look: async (surroundings) => {
    const { entry, trace } = surroundings.settings;
    const ofEntry =
      entry === undefined ? [] : [overEntry(entry, `AWS clients made in ${entry}`, WANTED, judgeEntry)];
    if (trace === undefined) return ofEntry;
    return [...ofEntry, await overTraces(surroundings, WANTED, judgeTraces)];
  },
};
