import { type DaemonAddress, readDaemonAddress } from "./daemon-address";
import type { Finding } from "./probe";
import type { Surroundings } from "./surroundings";

/** The option that names a daemon; `undefined` when there is one. The variable counts, as it does for SDKs. */
export function missingDaemon({ daemon }: { readonly daemon?: string }): string | undefined {
  return daemon === undefined ? "--daemon 127.0.0.1:2000 or AWS_XRAY_DAEMON_ADDRESS" : undefined;
}

/** The daemon's address, or the finding that there is none to ask. */
export function daemonOf({ settings }: Surroundings): DaemonAddress | Finding {
  const read = readDaemonAddress(settings.daemon ?? "");
  if (!("problem" in read)) return read;
  return {
    verdict: "undecided",
    evidence: "the daemon's address",
    found: read.problem,
    wanted: "an address that can be asked",
    fix: "mend what Daemon address says",
  };
}
