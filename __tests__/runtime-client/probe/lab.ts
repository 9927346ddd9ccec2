import { join } from "node:path";
import { buildSync } from "esbuild";
import type { FlushReport } from "../../../functions/runtime/streaming-tracing/flush";
import type { OtlpReceiver } from "../../../lab/runtime/otlp-receiver";
import { RuntimeClient, type RuntimeClientOptions } from "../../../lab/runtime/runtime-client";
import type { StreamedInvocation } from "../../../lab/runtime/streamed-invocation";
import { STREAMING_OPTIONS } from "../../../modules/streaming-bundle";
import { ROOT } from "../../support/pipeline-lab";
import type { Vitals } from "./vitals";

/** The probe's name as a service. */
export const SERVICE = "sentiment-analyzer-sse";

let bundle: string | undefined;

/** The probe as one ES module. */
export function probeCode(): string {
  bundle ??= buildSync({
    ...STREAMING_OPTIONS,
    absWorkingDir: ROOT,
    entryPoints: [join(__dirname, "handler.ts")],
    write: false,
    logLevel: "silent",
  }).outputFiles[0]?.text;
  return bundle ?? "";
}

/** Starts the probe under a runtime client. */
export function startProbe(
  collector: OtlpReceiver,
  options: Partial<RuntimeClientOptions> = {},
): Promise<RuntimeClient> {
  return RuntimeClient.start({
    version: "3",
    code: probeCode(),
    functionName: "dev-sentiment-sse",
    timeoutSeconds: 20,
    memoryMb: 1024,
    ...options,
    variables: {
      OTEL_SERVICE_NAME: SERVICE,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SDK_DISABLED: "false",
      ...options.variables,
    },
  });
}

/** What the probe tells of its flush. */
export interface Told {
  /** Milliseconds since the epoch. */
  readonly flushStartedAt: number;
  /** Milliseconds since the epoch. */
  readonly flushedAt: number;
  readonly report: FlushReport;
  readonly vitals: Vitals;
}

/** The probe's own account of its flush. */
export function toldBy(invocation: StreamedInvocation): Told {
  const event = invocation.events.find(({ fields }) => fields["event"] === "flush");
  if (event === undefined) {
    const seen = invocation.events.map(({ fields }) => fields["event"]).join(", ");
    throw new Error(`No flush event among ${seen}; ended ${invocation.end}:\n${invocation.lines.join("\n")}`);
  }
  return JSON.parse(event.fields["data"] ?? "") as Told;
}

/** The JSON lines of an invocation that have a field. */
export function linesWith(invocation: StreamedInvocation, field: string): readonly Record<string, unknown>[] {
  return invocation.lines.flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const parsed = JSON.parse(line) as Record<string, unknown>;
    return field in parsed ? [parsed] : [];
  });
}
