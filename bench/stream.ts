// The streaming function with every request traced against the same function with tracing switched off, in one run:
// events a second and how late they are, at 1, 50 and 200 streams; then its bundle against a plain build (C8).
// [BENCH] C8: bench/stream.ts
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { StreamLab } from "../__tests__/support/stream-lab";
import { LeaseTable } from "../lab/runtime/lease-table";
import type { StreamHost } from "../lab/runtime/stream-host";
import { compareImports } from "./stream-import";
import { type Delivered, load, percentile } from "./stream-load";

const STREAMS = [1, 50, 200] as const;
const ROUNDS = 4;
/** Milliseconds of a round. */
const ROUND_MS = 8000;
const LIMITS = { throughput: 0.9, p99: 1.2, bundle: 0.5 } as const;
const VARIANTS = ["traced", "off"] as const;
type Variant = (typeof VARIANTS)[number];

/** A collector that takes everything and does nothing, in a process of its own. */
const SINK = `require("node:http").createServer((incoming, outgoing) => {
  incoming.resume().on("end", () => outgoing.writeHead(200).end());
}).listen(0, "127.0.0.1", function () { console.log(this.address().port); });`;

async function withSink<T>(work: (url: string) => Promise<T>): Promise<T> {
  const sink = spawn(process.execPath, ["-e", SINK], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const port = await new Promise<string>((done) =>
      createInterface({ input: sink.stdout }).once("line", done),
    );
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    sink.kill();
  }
}

function droppedBy(host: StreamHost): number {
  return host.lines.reduce((sum, line) => {
    const [, dropped] = /"span_queue_overflow":true,"dropped":(\d+)/.exec(line) ?? [];
    return sum + Number(dropped ?? 0);
  }, 0);
}

function report(streams: number, results: Readonly<Record<Variant, readonly Delivered[]>>): boolean {
  const rate = (variant: Variant) => {
    const events = results[variant].reduce((sum, one) => sum + one.events, 0);
    return events / results[variant].reduce((sum, one) => sum + one.seconds, 0);
  };
  const p99 = (variant: Variant) =>
    percentile(
      results[variant].flatMap(({ latencies }) => latencies),
      0.99,
    );
  const throughput = rate("traced") / rate("off");
  const late = p99("traced") / p99("off");
  process.stdout.write(
    `${String(streams).padStart(3)} streams  events/s ${rate("traced").toFixed(0)} / ${rate("off").toFixed(0)} = ` +
      `${throughput.toFixed(2)} (at least ${LIMITS.throughput})   p99 ${p99("traced").toFixed(0)} ms / ` +
      `${p99("off").toFixed(0)} ms = ${late.toFixed(2)} (at most ${LIMITS.p99})\n`,
  );
  return throughput >= LIMITS.throughput && late <= LIMITS.p99;
}

async function live(hosts: Readonly<Record<Variant, StreamHost>>): Promise<boolean> {
  let good = true;
  for (const streams of STREAMS) {
    const results: Record<Variant, Delivered[]> = { traced: [], off: [] };
    for (const variant of VARIANTS) await load(hosts[variant], streams, 2000);
    for (let round = 0; round < ROUNDS; round += 1) {
      // By turns, and each first as often as the other.
      for (const variant of round % 2 === 0 ? VARIANTS : [...VARIANTS].reverse()) {
        results[variant].push(await load(hosts[variant], streams, ROUND_MS));
      }
    }
    good = report(streams, results) && good;
  }
  return good;
}

function bundle(variables: Readonly<Record<string, string>>): boolean {
  const { bytes, importMs } = compareImports(variables);
  const size = bytes.ours / bytes.plain;
  const time = importMs.ours / importMs.plain;
  process.stdout.write(
    `Bundle ${Math.round(bytes.ours / 1024)} KiB / ${Math.round(bytes.plain / 1024)} KiB = ${size.toFixed(2)}   ` +
      `import ${importMs.ours.toFixed(0)} ms / ${importMs.plain.toFixed(0)} ms = ${time.toFixed(2)} ` +
      `(at most ${LIMITS.bundle} each)\n`,
  );
  return size <= LIMITS.bundle && time <= LIMITS.bundle;
}

async function main(): Promise<void> {
  const lab = await StreamLab.start();
  try {
    const small = bundle(lab.variables());
    LeaseTable.inFrontOf(lab.gateway, "dev-sentiment-leases");
    const fast = await withSink(async (url) => {
      const common = { SSE_MAX_CONNECTIONS: "1000", OTEL_EXPORTER_OTLP_ENDPOINT: url };
      const hosts = {
        traced: await lab.host(common),
        off: await lab.host({ ...common, OTEL_SDK_DISABLED: "true" }),
      };
      // An article a second on two tickers: fifteen events a second for every stream.
      await lab.traffic(1000, ["AAPL", "MSFT"]);
      const good = await live(hosts);
      process.stdout.write(
        `Spans that found the queue full: ${droppedBy(hosts.traced)}. All streams of a row share one process, as no ` +
          "function on Lambda has to.\n",
      );
      return good;
    });
    if (!small || !fast) process.exitCode = 1;
  } finally {
    await lab.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
