import { createSocket } from "node:dgram";
import type { Place } from "./daemon-address";
import { daemonOf, missingDaemon } from "./daemon-setting";
import type { Finding, Probe } from "./probe";

/** Milliseconds a host has to refuse a datagram. */
const REFUSAL_MS = 400;

/**
 * Sends an empty datagram, which a daemon passes over without a word.
 *
 * @returns the system's code when it was refused; `undefined` when nothing came back
 */
async function refusal({ host, port }: Place): Promise<string | undefined> {
  const socket = createSocket("udp4");
  try {
    return await new Promise<string | undefined>((resolve) => {
      const fail = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
      socket.on("error", fail);
      socket.once("connect", () => {
        socket.send("", (error) => (error === null ? undefined : fail(error)));
        setTimeout(resolve, REFUSAL_MS, undefined);
      });
      socket.connect(port, host);
    });
  } finally {
    socket.close();
  }
}

/** DOC-3 daemon: nobody refuses its UDP port. */
export const daemonUdp: Probe = {
  id: "daemon-udp",
  label: "Daemon takes segments",
  why: "SDKs send segments as datagrams and never learn that nobody listens.",
  weight: "required",
  missing: missingDaemon,
  look: async (surroundings): Promise<readonly Finding[]> => {
    const daemon = daemonOf(surroundings);
    if ("verdict" in daemon) return [daemon];
    const { host, port } = daemon.udp;
    const code = await refusal(daemon.udp);
    const seen = { evidence: `an empty datagram to ${host}:${port}`, wanted: "not refused" };
    if (code === undefined) return [{ ...seen, verdict: "pass", found: "not refused" }];
    const fix =
      code === "ENOTFOUND" || code === "EAI_AGAIN"
        ? "correct the host's name; in a container 127.0.0.1 is the container, use the daemon's service name"
        : `start the daemon (xray -o -n REGION, or the sidecar) and bind it where others can reach it: --bind 0.0.0.0:${port}`;
    return [{ ...seen, verdict: "fail", found: code, fix }];
  },
};
