import { readDaemonAddress } from "./daemon-address";
import { missingDaemon } from "./daemon-setting";
import type { Probe } from "./probe";

/** DOC-3 daemon: the address can be read, in either of its forms. */
export const daemonNamed: Probe = {
  id: "daemon-address",
  label: "Daemon address",
  why: "An SDK that cannot read the address sends to 127.0.0.1:2000 or ends the program.",
  weight: "required",
  missing: missingDaemon,
  look: async ({ settings }) => {
    const read = readDaemonAddress(settings.daemon ?? "");
    const evidence = "--daemon or AWS_XRAY_DAEMON_ADDRESS";
    const wanted = "host:port, or tcp:host:port udp:host:port";
    if ("problem" in read) {
      const fix = "AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:2000, or the host name of the sidecar in its place";
      return [{ verdict: "fail", evidence, found: read.problem, wanted, fix }];
    }
    const { udp, tcp } = read;
    const found = `segments to ${udp.host}:${udp.port}, sampling from ${tcp.host}:${tcp.port}`;
    return [{ verdict: "pass", evidence, found, wanted }];
  },
};
