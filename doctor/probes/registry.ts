import { ageing } from "./ageing";
import { chain } from "./chain";
import { clock } from "./clock";
import { collector } from "./collector";
import { collectorConfig } from "./collector-config";
import { credentials } from "./credentials";
import { daemonLog } from "./daemon-log";
import { daemonNamed } from "./daemon-named";
import { daemonTcp } from "./daemon-tcp";
import { daemonUdp } from "./daemon-udp";
import { debugMode } from "./debug-mode";
import { functionVariables } from "./function-variables";
import { headerHops } from "./header-hops";
import { inbound } from "./inbound";
import { permissions } from "./permissions";
import type { Probe } from "./probe";
import { rawDelivery } from "./raw-delivery";
import { region } from "./region";
import { sampling } from "./sampling";
import { serviceName } from "./service-name";
import { subscribers } from "./subscribers";
import { testSegmentProbe } from "./test-segment";
import { tracingMode } from "./tracing-mode";
import { wrappedClients } from "./wrapped-clients";

/** Every probe, from the way in to what comes out: mend the first that fails first. */
export const PROBES: readonly Probe[] = [
  credentials,
  clock,
  region,
  permissions,
  tracingMode,
  functionVariables,
  daemonNamed,
  daemonUdp,
  daemonTcp,
  daemonLog,
  collector,
  collectorConfig,
  inbound,
  wrappedClients,
  headerHops,
  subscribers,
  rawDelivery,
  sampling,
  chain,
  serviceName,
  testSegmentProbe,
  debugMode,
  ageing,
];
