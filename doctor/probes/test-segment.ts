import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { BatchGetTracesCommand, PutTraceSegmentsCommand, XRayClient } from "@aws-sdk/client-xray";
import type { AnnotationKey } from "../../contract/spans";
import { ask } from "../aws/answer";
import { clientOptions } from "../aws/client-options";
import type { Place } from "./daemon-address";
import { daemonOf } from "./daemon-setting";
import { type Finding, type Probe, undecidedBy } from "./probe";
import type { Surroundings } from "./surroundings";

/** Name of the segment the doctor writes. */
export const SEGMENT_NAME = "tracewright-doctor";
/** Milliseconds to wait before each look; X-Ray takes some seconds to index. */
const WAITS_MS = [1000, 2000, 4000, 8000, 15_000];
const HEADER = '{"format":"json","version":1}\n';

interface TestSegment {
  readonly traceId: string;
  readonly document: string;
}

function testSegment(now: number): TestSegment {
  const traceId = `1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;
  // Kept out of the live group and its alarms, as the canary's are.
  const synthetic: AnnotationKey = "synthetic";
  const document = JSON.stringify({
    name: SEGMENT_NAME,
    id: randomBytes(8).toString("hex"),
    trace_id: traceId,
    start_time: now / 1000 - 0.001,
    end_time: now / 1000,
    annotations: { [synthetic]: true },
  });
  return { traceId, document };
}

async function overDaemon({ host, port }: Place, document: string): Promise<void> {
  const socket = createSocket("udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.send(`${HEADER}${document}`, port, host, (error) =>
        error === null ? resolve() : reject(error),
      );
    });
  } finally {
    socket.close();
  }
}

/** Writes it. @returns X-Ray's reason for refusing it; empty when it took it, or a daemon will hand it on */
async function sendTo(client: XRayClient, daemon: Place | undefined, document: string): Promise<string> {
  if (daemon !== undefined) {
    await overDaemon(daemon, document);
    return "";
  }
  const { UnprocessedTraceSegments = [] } = await client.send(
    new PutTraceSegmentsCommand({ TraceSegmentDocuments: [document] }),
  );
  return UnprocessedTraceSegments.map(({ ErrorCode, Message }) => `${ErrorCode}: ${Message}`).join("; ");
}

async function appears(client: XRayClient, traceId: string, { sleep }: Surroundings): Promise<boolean> {
  for (const wait of WAITS_MS) {
    await sleep(wait);
    const { Traces = [] } = await client.send(new BatchGetTracesCommand({ TraceIds: [traceId] }));
    if (Traces.some(({ Segments = [] }) => Segments.length > 0)) return true;
  }
  return false;
}

async function probe(client: XRayClient, surroundings: Surroundings): Promise<Finding> {
  const { settings, now } = surroundings;
  const daemon = settings.daemon === undefined ? undefined : daemonOf(surroundings);
  if (daemon !== undefined && "verdict" in daemon) return daemon;
  const { traceId, document } = testSegment(now());
  const road =
    daemon === undefined ? "xray:PutTraceSegments" : `the daemon at ${daemon.udp.host}:${daemon.udp.port}`;
  const evidence = `one segment written through ${road}, looked up by xray:BatchGetTraces`;
  const seen = { evidence, wanted: "the segment, read back" };
  const sent = await ask({ action: "xray:PutTraceSegments", region: settings.region }, () =>
    sendTo(client, daemon?.udp, document),
  );
  if (sent.kind === "trouble") {
    const { found, nextStep: fix } = sent.trouble;
    return { ...seen, verdict: "fail", found: `not sent: ${found}`, fix };
  }
  if (sent.value !== "") {
    const fix =
      "compare this machine's clock with AWS's (probe Clock); X-Ray takes segments of the last 14 days";
    return { ...seen, verdict: "fail", found: `refused: ${sent.value.slice(0, 200)}`, fix };
  }
  const asked = { action: "xray:BatchGetTraces", region: settings.region };
  const look = await ask(asked, () => appears(client, traceId, surroundings));
  if (look.kind === "trouble") return undecidedBy(look.trouble, evidence);
  if (look.value) return { ...seen, verdict: "pass", found: `trace ${traceId}` };
  const waited = WAITS_MS.reduce((sum, ms) => sum + ms, 0) / 1000;
  const fix =
    daemon === undefined
      ? `look for ${traceId} in a minute; if it stays away, X-Ray keeps traces elsewhere: see Transaction Search in CloudWatch`
      : "read the daemon's log (--daemon-log FILE): it took the segment and did not bring it to this region's X-Ray";
  return { ...seen, verdict: "fail", found: `sent, not found within ${waited} s: ${traceId}`, fix };
}

/** DOC-3 test segment: a segment that is sent can be found. The only probe that writes. */
export const testSegmentProbe: Probe = {
  id: "test-segment",
  label: "Test segment (writes one)",
  why: "It goes the whole road once: what is sent here and found there proves everything between.",
  weight: "required",
  limitMs: 45_000,
  missing: ({ sendTestSegment }) =>
    sendTestSegment ? undefined : "--send-test-segment, which writes one segment",
  look: async (surroundings) => {
    const client = new XRayClient(clientOptions(surroundings.settings.region));
    try {
      return [await probe(client, surroundings)];
    } finally {
      client.destroy();
    }
  },
};
