import type { Segment } from "../xray/segment";
import { piecesOf } from "../xray/segment";
import type { Trace } from "../xray/trace";
import { type EntryScan, scanEntry } from "./entry-scan";
import { overEntry, type SeenEntry } from "./entry-text";
import { missingTrace } from "./looked-up-traces";
import type { Finding, Probe } from "./probe";
import { SEGMENT_BY_HAND } from "./segment-by-hand";
import { overTraces } from "./trace-finding";

const WANTED = "a segment around every request that comes in";
const GATEWAY =
  "or trace in front of it: X-Ray on the API Gateway stage (xray_tracing_enabled = true), or an ADOT sidecar at the load balancer";
const SHOWN = 8;

function fixOf({ frameworks, middleware }: EntryScan): string {
  const [name = ""] = middleware;
  if (name !== "") {
    const call = name.endsWith("express")
      ? 'app.use(AWSXRay.express.openSegment("NAME")) before the routes and closeSegment() after them'
      : 'AWSXRayRestify.enable(server, "NAME")';
    return `use ${name}: ${call}`;
  }
  const place = frameworks.length === 0 ? "this program" : frameworks.join(", ");
  return `the X-Ray SDK has no middleware for ${place}. Open segments by hand (docs/doctor.md), ${GATEWAY}:\n${SEGMENT_BY_HAND}`;
}

function judgeEntry(text: string, seen: SeenEntry): Finding {
  const scan = scanEntry(text);
  if (scan.isHandler)
    return { ...seen, verdict: "pass", found: "a Lambda handler: Lambda opens the segment" };
  if (scan.inbound) return { ...seen, verdict: "pass", found: "it opens segments for requests" };
  const server = scan.frameworks.length === 0 ? "" : ` served by ${scan.frameworks.join(", ")}`;
  if (scan.outbound.length > 0) {
    const found = `outbound calls are captured (${scan.outbound.join(", ")}), requests${server} are not`;
    return { ...seen, verdict: "fail", found, fix: fixOf(scan) };
  }
  if (scan.frameworks.length > 0)
    return { ...seen, verdict: "warn", found: `requests${server}, no tracing at all`, fix: fixOf(scan) };
  const fix = "name the file that creates the server, or give a trace with --trace";
  return { ...seen, verdict: "undecided", found: "neither server nor tracing", fix };
}

function callsOut(segment: Segment): boolean {
  return [...piecesOf(segment)].some(({ namespace }) => namespace === "aws" || namespace === "remote");
}

/** Whether a segment tells of the request, the caller or the service that started it. */
function isServed({ http, origin, parentId }: Segment): boolean {
  return (
    http.url !== undefined ||
    http.method !== undefined ||
    parentId !== undefined ||
    origin?.startsWith("AWS::Lambda") === true
  );
}

function judgeTraces(traces: readonly Trace[], evidence: string): Finding {
  const seen = { evidence, wanted: WANTED };
  const calling = traces.flatMap(({ segments }) =>
    segments.filter((segment) => !segment.independent && !segment.inferred && callsOut(segment)),
  );
  const bare = [...new Set(calling.filter((segment) => !isServed(segment)).map(({ name }) => name))];
  if (bare.length === 0) return { ...seen, verdict: "pass", found: "no outbound call without its request" };
  const found = `outbound calls under ${bare.slice(0, SHOWN).join(", ")}, which tell of no request`;
  const fix = `fine for a worker; in a server, open segments by hand (docs/doctor.md), ${GATEWAY}:\n${SEGMENT_BY_HAND}`;
  return { ...seen, verdict: "warn", found, fix };
}

/** DOC-3 outbound vs inbound: what comes in is traced, not only what goes out. */
export const inbound: Probe = {
  id: "inbound",
  label: "Inbound requests",
  why: "SDKs capture calls that go out by one line; without a segment for the request they have nowhere to go.",
  weight: "advisory",
  missing: ({ entry, trace }) =>
    entry === undefined && trace === undefined ? "--entry FILE or --trace FILE" : undefined,
  look: async (surroundings) => {
    const { entry } = surroundings.settings;
    const ofEntry =
      entry === undefined ? [] : [overEntry(entry, `imports and captures in ${entry}`, WANTED, judgeEntry)];
    if (missingTrace(surroundings.settings) !== undefined) return ofEntry;
    return [...ofEntry, await overTraces(surroundings, WANTED, judgeTraces)];
  },
};
