import { randomBytes } from "node:crypto";
import { HEADERS } from "../../contract/headers";
import { httpAddress } from "./http-address";
import { ANSWER_MS, httpTrouble } from "./http-trouble";
import type { Finding, Probe } from "./probe";

const ROOT = /(?:^|[;,] *)Root=(1-[0-9a-f]{8}-[0-9a-f]{24})/;

interface Hop {
  /** Address without query and password. */
  readonly name: string;
  readonly sent: string;
  /** Root of the answer; empty when the answer has none. */
  readonly got: string;
  /** Why there was no answer. */
  readonly trouble?: string;
}

/** A root of now, undone by its own decision: `Sampled=0` asks everyone on the road to record nothing. */
function freshRoot(now: number): string {
  return `1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;
}

async function ask(address: URL, now: number): Promise<Hop> {
  const { url, shown: name, headers } = httpAddress(address);
  const sent = freshRoot(now);
  try {
    const answer = await fetch(url, {
      headers: { ...headers, [HEADERS.traceId]: `Root=${sent};Sampled=0` },
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await answer.body?.cancel();
    return { name, sent, got: ROOT.exec(answer.headers.get(HEADERS.traceId) ?? "")?.[1] ?? "" };
  } catch (error) {
    return { name, sent, got: "", trouble: httpTrouble(error) };
  }
}

/** Blames the part of the road between a hop that loses the header and the next one in, which keeps it. */
function culprit(hop: Hop, inner: Hop | undefined): string {
  if (inner !== undefined && inner.got === inner.sent)
    return `${inner.name} keeps it, so what stands between the two drops it: let ${hop.name} forward X-Amzn-Trace-Id to its origin`;
  return "let it forward X-Amzn-Trace-Id: in a CDN's origin request policy, a proxy's configuration, and every call the program itself makes";
}

function judge(hop: Hop, inner: Hop | undefined): Finding {
  const evidence = `GET ${hop.name} with a root of our own`;
  const seen = { about: hop.name, evidence, wanted: "the same root in the answer's x-amzn-trace-id" };
  if (hop.trouble !== undefined) {
    const fix = "give an address that answers from here";
    return { ...seen, verdict: "undecided", found: hop.trouble, fix };
  }
  if (hop.got === hop.sent) return { ...seen, verdict: "pass", found: "the same root" };
  if (hop.got !== "")
    return { ...seen, verdict: "fail", found: `another root, ${hop.got}`, fix: culprit(hop, inner) };
  if (inner !== undefined && inner.got === inner.sent)
    return { ...seen, verdict: "fail", found: "no x-amzn-trace-id", fix: culprit(hop, inner) };
  const fix =
    "answer with x-amzn-trace-id (API Gateway and Function URLs do), or compare roots in both programs' logs";
  return { ...seen, verdict: "undecided", found: "no x-amzn-trace-id", fix };
}

/** DOC-3 broken chain: every hop forwards the trace header. */
export const headerHops: Probe = {
  id: "header-hops",
  label: "Trace header, hop by hop",
  why: "One proxy that drops or replaces the header cuts the trace in two that nobody connects.",
  weight: "required",
  missing: ({ urls }) => (urls.length === 0 ? "--url ADDRESS, once per hop from the outside in" : undefined),
  look: async ({ settings, now }) => {
    const hops = await Promise.all(settings.urls.map((url) => ask(url, now())));
    return hops.map((hop, index) => judge(hop, hops[index + 1]));
  },
};
