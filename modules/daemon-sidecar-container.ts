/** What the sidecar runs: AWS's X-Ray daemon, or the collector that also takes OTLP. */
export type SidecarVariant = "daemon" | "collector";

/** Name of the sidecar's container, and its host name where containers are linked. */
export const SIDECAR_NAMES: Readonly<Record<SidecarVariant, string>> = {
  daemon: "xray-daemon",
  collector: "otel-collector",
};

/** Port on which the daemon takes segments (UDP) and answers sampling requests (TCP). */
export const DAEMON_PORT = 2000;

/** Port on which the collector takes OTLP over HTTP. */
const OTLP_HTTP_PORT = 4318;

/** CPU units of 1024 the sidecar gets at least (DOC-1). */
export const SIDECAR_CPU = 32;

/** MiB of memory the sidecar gets at least (DOC-1). */
export const SIDECAR_MEMORY_MIB = 256;

/** How the containers of a task reach each other: `awsvpc` over one loopback, `bridge` linked by name. */
export type TaskNetwork = "awsvpc" | "bridge";

/** What the container is made from. */
export interface SidecarContainer {
  readonly variant: SidecarVariant;
  readonly network: TaskNetwork;
  /** HOST/NAME@sha256:… */
  readonly image: string;
  readonly region: string;
  readonly logGroupName: string;
}

/**
 * Collector configuration: segments over UDP as the daemon takes them, sampling proxy, OTLP over HTTP; out to X-Ray.
 * The ECS build has the batch processor that the Lambda build lacks, and here nobody freezes it between requests.
 */
function collectorConfiguration(network: TaskNetwork): string {
  // Within one network namespace loopback is enough, and nothing outside the task can write traces.
  const host = network === "awsvpc" ? "127.0.0.1" : "0.0.0.0";
  const daemon = `${host}:${DAEMON_PORT}`;
  return JSON.stringify({
    receivers: {
      awsxray: { endpoint: daemon, transport: "udp", proxy_server: { endpoint: daemon } },
      otlp: { protocols: { http: { endpoint: `${host}:${OTLP_HTTP_PORT}` } } },
    },
    processors: { "batch/traces": { timeout: "1s", send_batch_size: 50 } },
    exporters: { awsxray: {} },
    service: {
      pipelines: {
        traces: { receivers: ["awsxray", "otlp"], processors: ["batch/traces"], exporters: ["awsxray"] },
      },
    },
  });
}

function portMappings({ variant, network }: SidecarContainer): readonly object[] {
  const ports = [
    { containerPort: DAEMON_PORT, protocol: "udp" },
    ...(variant === "collector" ? [{ containerPort: OTLP_HTTP_PORT, protocol: "tcp" }] : []),
  ];
  // Linked containers need no port of the host; 0 lets ECS choose one, so that two tasks fit on an instance.
  return network === "bridge" ? ports.map((port) => ({ ...port, hostPort: 0 })) : ports;
}

/**
 * The sidecar's container definition (DOC-1). Not essential: a task whose traces are lost still serves its callers, and
 * ECS restarts the sidecar alone.
 */
export function sidecarContainer(sidecar: SidecarContainer): Readonly<Record<string, unknown>> {
  const { variant, network, image, region, logGroupName } = sidecar;
  const environment = [
    { name: "AWS_REGION", value: region },
    ...(variant === "collector"
      ? [{ name: "AOT_CONFIG_CONTENT", value: collectorConfiguration(network) }]
      : []),
  ];
  return {
    name: SIDECAR_NAMES[variant],
    image,
    cpu: SIDECAR_CPU,
    memoryReservation: SIDECAR_MEMORY_MIB,
    essential: false,
    restartPolicy: { enabled: true, restartAttemptPeriod: 60 },
    portMappings: portMappings(sidecar),
    environment,
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroupName,
        "awslogs-region": region,
        "awslogs-stream-prefix": SIDECAR_NAMES[variant],
      },
    },
  };
}

/** What the application's container is told, and it alone. */
export function applicationVariables(
  variant: SidecarVariant,
  network: TaskNetwork,
): Readonly<Record<string, string>> {
  const host = network === "awsvpc" ? "127.0.0.1" : SIDECAR_NAMES[variant];
  return {
    AWS_XRAY_DAEMON_ADDRESS: `${host}:${DAEMON_PORT}`,
    ...(variant === "collector"
      ? {
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://${host}:${OTLP_HTTP_PORT}`,
          OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
        }
      : {}),
  };
}
