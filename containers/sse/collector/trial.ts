import { spawn } from "node:child_process";
import { OTLP_ADDRESS } from "../otlp-address";
import { ExtensionsApi } from "./extensions-api";

const START_MS = 15_000;
const STOP_MS = 5_000;
const POLL_MS = 50;
const LAST_LINES = 12;

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, POLL_MS));
}

/** Status of an empty export, or undefined when nobody listens. */
async function emptyExport(): Promise<number | undefined> {
  try {
    const response = await fetch(`http://${OTLP_ADDRESS}/v1/traces`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
      signal: AbortSignal.timeout(START_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}

/**
 * Starts the extension as Lambda would and waits until it takes an empty OTLP export over HTTP; then ends it. The
 * Lambda build of the collector has no `validate` subcommand: its start is the only judge of a configuration (SSE-A4).
 *
 * @param extension path of the binary
 * @param config path of its configuration
 * @throws Error with the extension's last lines when it reports an error, ends, or does not take the export
 */
export async function tryCollector(extension: string, config: string): Promise<void> {
  if ((await emptyExport()) !== undefined)
    throw new Error(
      `${OTLP_ADDRESS}: found another listener; expected none. Next step: stop it and build again.`,
    );
  const api = await ExtensionsApi.start();
  const lines: string[] = [];
  const child = spawn(extension, [], {
    env: {
      AWS_LAMBDA_RUNTIME_API: api.address,
      // Makes the extension listen for telemetry on an address that exists outside Lambda.
      AWS_SAM_LOCAL: "true",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "build",
      AWS_SECRET_ACCESS_KEY: "build",
      OPENTELEMETRY_COLLECTOR_CONFIG_URI: config,
      OPENTELEMETRY_COLLECTOR_CONFIG_FILE: config,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => lines.push(...chunk.toString().split("\n").filter(Boolean)));
  let ended: string | undefined;
  const closed = new Promise<void>((done) => {
    child.once("error", ({ message }) => {
      ended = message;
      done();
    });
    child.once("close", (code, signal) => {
      ended ??= `exit ${code ?? signal}`;
      done();
    });
  });
  const refuse = (found: string): never => {
    throw new Error(
      `${extension}: found ${found}; expected a start with ${config}. ` +
        `Next step: read its last lines.\n${lines.slice(-LAST_LINES).join("\n")}`,
    );
  };
  try {
    const deadline = Date.now() + START_MS;
    let status: number | undefined;
    while (status === undefined) {
      if (api.failure !== undefined) refuse(`an error it reported: ${api.failure}`);
      if (ended !== undefined) refuse(ended);
      if (Date.now() > deadline) refuse(`no answer at ${OTLP_ADDRESS} within ${START_MS} ms`);
      await pause();
      status = await emptyExport();
    }
    if (status !== 200) refuse(`status ${status} for an empty export`);
    if (!api.registered) refuse("no registration as an extension");
    api.shutDown();
    const late = new Promise<void>((done) => setTimeout(done, STOP_MS).unref());
    await Promise.race([closed, late]);
    if (api.failure !== undefined) refuse(`an error it reported at its end: ${api.failure}`);
  } finally {
    child.kill("SIGKILL");
    api.stop();
  }
}
