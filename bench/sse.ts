// The browser's client against its peers, in one run: parser throughput in nine cells, how late events are over 500
// streams, and its size. Medians of five rounds. Latency may exceed the best peer's by what a busy machine makes of it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildBrowser, LARGEST_CLIENT } from "../tooling/browser/build";
import { CLIENTS, type ClientName, listen, measureLatency, serveTicks } from "./sse-latency";
import { measureParsing, parsers } from "./sse-parsing";

/** Share by which a latency may exceed the best peer's and count as the same. */
const NOISE = 0.1;

const percentiles = ["p50", "p99"] as const;

async function compare(json: boolean): Promise<boolean> {
  const { directory, minified, compressed } = await buildBrowser(process.cwd());
  const clientUrl = pathToFileURL(join(directory, "sse-client.js")).href;
  const cells = measureParsing(await parsers(await import(clientUrl)));
  const latency = await measureLatency(__filename, clientUrl);

  const parsing = cells.map((cell) => {
    const { ours = Number.NaN, ...peers } = cell.megabytes;
    return { ...cell, ratio: ours / Math.max(...Object.values(peers)) };
  });
  const lateness = percentiles.map((percentile) => {
    const peers = CLIENTS.filter((name) => name !== "ours").map((name) => latency[name][percentile]);
    return { percentile, ratio: latency.ours[percentile] / Math.min(...peers) };
  });
  const size = { minified, compressed, limit: Math.floor(LARGEST_CLIENT) };
  const good =
    parsing.every(({ ratio }) => ratio >= 1) &&
    lateness.every(({ ratio }) => ratio <= 1 + NOISE) &&
    compressed <= LARGEST_CLIENT;

  if (json) {
    process.stdout.write(`${JSON.stringify({ good, parsing, latency, lateness, size }, null, 2)}\n`);
    return good;
  }
  const lines = [
    "Parsing, MB/s from the bytes a fetch brings (eventsource parses with eventsource-parser):",
    ...parsing.map(({ stream, chunkBytes, megabytes, ratio }) => {
      const figures = Object.entries(megabytes).map(([name, value]) => `${name} ${value.toFixed(0)}`);
      const cell = `  ${stream.padEnd(18)} ${String(chunkBytes).padStart(6)} B`;
      return `${cell}  ${figures.join("  ")}  = ${ratio.toFixed(2)} (at least 1)`;
    }),
    "Events of 500 streams at once, milliseconds late:",
    ...CLIENTS.map(
      (name) =>
        `  ${name.padEnd(18)}  p50 ${latency[name].p50.toFixed(1)}  p99 ${latency[name].p99.toFixed(1)}`,
    ),
    ...lateness.map(
      ({ percentile, ratio }) =>
        `  ${percentile} against the best peer ${ratio.toFixed(2)} (at most ${1 + NOISE})`,
    ),
    `Size: ${minified} bytes minified, ${compressed} compressed (at most ${size.limit})`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return good;
}

async function main([part, ...rest]: readonly string[]): Promise<void> {
  if (part === "serve") serveTicks();
  else if (part === "listen") await listen(rest[0] as ClientName, rest[1] ?? "", rest[2] ?? "");
  else if (!(await compare(part === "--json"))) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
