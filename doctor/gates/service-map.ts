import { paginateGetServiceGraph, XRayClient } from "@aws-sdk/client-xray";
import * as v from "valibot";
import type { Environment } from "../../contract/names";
import { functionName, SERVICE_KEYS } from "../../contract/services";
import { clientOptions } from "../aws/client-options";
import { awsFault } from "../aws/trouble";
import { LONGEST_WINDOW_MS, type Window, windowsOf } from "../xray/window";
import type { Finding } from "./finding";

/** Nodes of the service map, as far as they are judged. */
export const MAP_NODES = v.array(v.object({ Name: v.optional(v.string(), "") }));

/** A node of the service map. */
export type MapNode = v.InferOutput<typeof MAP_NODES>[number];

/** What SDKs call a service nobody named. */
const NAMELESS = /^(?:unknown_service|service_undefined)/;

/**
 * Asks X-Ray for the nodes of its service map.
 *
 * @throws InputError when it does not answer
 */
export async function mapNodes(region: string | undefined, range: Window): Promise<MapNode[]> {
  const client = new XRayClient(clientOptions(region));
  const nodes: MapNode[] = [];
  try {
    for (const { fromMs, toMs } of windowsOf(range, LONGEST_WINDOW_MS)) {
      const window = { StartTime: new Date(fromMs), EndTime: new Date(toMs) };
      for await (const { Services = [] } of paginateGetServiceGraph({ client }, window))
        nodes.push(...Services.map(({ Name = "" }) => ({ Name })));
    }
    return nodes;
  } catch (error) {
    throw awsFault(error, { action: "xray:GetServiceGraph", region });
  } finally {
    client.destroy();
  }
}

/**
 * [AWS] DEP-2: doctor/gates/service-map.ts
 *
 * Judges whether every function is on the service map and every node has a name. A Function URL has no node of its own
 * (FR-176).
 */
export function judgeMap(environment: Environment, nodes: readonly MapNode[]): readonly Finding[] {
  const names = new Set(nodes.map(({ Name }) => Name));
  // Names that SDKs give a service are the same in every environment, and so prove nothing of this one.
  const absent = SERVICE_KEYS.map((service) => functionName(environment, service)).filter(
    (name) => !names.has(name),
  );
  const nameless = [...names].filter((name) => NAMELESS.test(name) || name === "");
  const seen = names.size > 0;
  return [
    {
      what: "functions on the service map",
      found: seen ? (absent.length === 0 ? "all" : `not ${absent.join(", ")}`) : "an empty map",
      expected: `all ${SERVICE_KEYS.length}`,
      verdict: !seen ? "undecided" : absent.length === 0 ? "passed" : "failed",
      nextStep: seen
        ? "see whether they ran at all, and then whether tracing is Active: tracewright doctor"
        : "send requests, wait a minute, or look further back with --minutes",
    },
    {
      what: "nodes without a name",
      found: !seen ? "an empty map" : nameless.length === 0 ? "none" : nameless.join(", "),
      expected: "none",
      verdict: !seen ? "undecided" : nameless.length === 0 ? "passed" : "failed",
      nextStep: "set POWERTOOLS_SERVICE_NAME, or OTEL_SERVICE_NAME on the streaming function",
    },
  ];
}
