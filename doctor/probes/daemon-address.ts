/** Where something listens. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Where a daemon takes segments (UDP) and answers for X-Ray's sampling (TCP). */
export interface DaemonAddress {
  readonly udp: Place;
  readonly tcp: Place;
}

/** What is wrong with an address. */
export interface AddressProblem {
  readonly problem: string;
}

const FORM = /^(?:(udp|tcp):)?([^\s:]+):(\d{1,5})$/;

function placeOf(host: string, digits: string): Place | undefined {
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/**
 * Reads `AWS_XRAY_DAEMON_ADDRESS` as the X-Ray SDKs do: `host:port`, or `tcp:host:port udp:host:port` in either order.
 *
 * @returns what the SDK would not understand, instead of the crash or the silence it answers with
 */
export function readDaemonAddress(text: string): DaemonAddress | AddressProblem {
  const parts = text.split(" ");
  if (parts.length > 2) return { problem: `${parts.length} parts, or more than one blank between them` };
  const places: { both?: Place; udp?: Place; tcp?: Place } = {};
  for (const part of parts) {
    const [, protocol, host = "", digits = ""] = FORM.exec(part) ?? [];
    if (host === "") return { problem: `"${part.slice(0, 60)}", which is no host:port` };
    const place = placeOf(host, digits);
    if (place === undefined) return { problem: `port ${digits}` };
    places[protocol === "udp" || protocol === "tcp" ? protocol : "both"] = place;
  }
  const { both, udp, tcp } = places;
  if (both !== undefined && parts.length === 1) return { udp: both, tcp: both };
  if (udp !== undefined && tcp !== undefined) return { udp, tcp };
  return {
    problem: parts.length === 1 ? "one of udp: and tcp: alone" : "two parts that are not udp: and tcp:",
  };
}
