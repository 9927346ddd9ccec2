import { type ChildProcess, fork } from "node:child_process";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { median } from "./median.mjs";

/** Names of the clients that are compared. */
export const CLIENTS = ["ours", "eventsource", "fetch-event-source"] as const;
/** Name of a client. */
export type ClientName = (typeof CLIENTS)[number];

/** How late events were, in milliseconds. */
export interface Lateness {
  readonly p50: number;
  readonly p99: number;
}

const STREAMS = 500;
const ROUNDS = 5;
/** Enough that one pause of a process is no percentile. */
const TICKS = 70;
/** Of these, so many warm up: streams last, compilers settle. */
const COLD_TICKS = 20;
const TICK_MS = 100;

const now = (): number => Number(process.hrtime.bigint()) / 1e6;

/** The part of the server: writes an event with the time to every stream, again and again. */
export function serveTicks(): void {
  const open = new Set<ServerResponse>();
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    open.add(response);
    response.on("close", () => open.delete(response));
  });
  const tick = async (): Promise<void> => {
    for (let number = 0; number < TICKS; number += 1) {
      for (const response of open) response.write(`id: ${number}\ndata: {"at":${now()}}\n\n`);
      await new Promise((done) => setTimeout(done, TICK_MS));
    }
    for (const response of open) response.end("event: done\ndata: {}\n\n");
  };
  process.on("message", () => void tick());
  server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
}

type Open = (url: string, onData: (data: string) => void, onOpen: () => void) => void;

async function opener(name: ClientName, clientUrl: string): Promise<Open> {
  if (name === "ours") {
    const { openStream }: typeof import("../browser/sse-client") = await import(clientUrl);
    return (url, onData, onOpen) => {
      openStream(url, {
        onEvent: ({ data }) => onData(data),
        onState: (state) => state === "OPEN" && onOpen(),
      });
    };
  }
  if (name === "eventsource") {
    const { EventSource } = await import("eventsource");
    return (url, onData, onOpen) => {
      const source = new EventSource(url);
      source.onmessage = ({ data }) => onData(data);
      source.onopen = onOpen;
    };
  }
  // It wants a window, and nothing of it but these.
  Object.assign(globalThis, { window: { setTimeout, clearTimeout, fetch } });
  const { fetchEventSource } = await import("@microsoft/fetch-event-source");
  return (url, onData, onOpen) => {
    void fetchEventSource(url, {
      openWhenHidden: true,
      onmessage: ({ data }) => data !== "" && onData(data),
      onopen: async () => onOpen(),
    });
  };
}

/** The part of a client: opens the streams, says so, and sends how late each event was. */
export async function listen(name: ClientName, clientUrl: string, port: string): Promise<void> {
  const open = await opener(name, clientUrl);
  const late: number[] = [];
  let opened = 0;
  const onData = (data: string): void => {
    const { at }: { at?: number } = JSON.parse(data);
    if (at === undefined) return;
    late.push(now() - at);
    if (late.length === STREAMS * TICKS) process.send?.({ late });
  };
  const onOpen = (): void => {
    opened += 1;
    if (opened === STREAMS) process.send?.({ opened });
  };
  for (let number = 0; number < STREAMS; number += 1) {
    open(`http://127.0.0.1:${port}/`, onData, onOpen);
    if (number % 50 === 49) await new Promise((done) => setTimeout(done, 10));
  }
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((done, fail) => {
    child.once("message", (content) => done(content as T));
    child.once("exit", (code) => fail(new Error(`a process of the benchmark ended with ${code}`)));
  });
}

async function round(name: ClientName, program: string, clientUrl: string): Promise<Lateness> {
  const server = fork(program, ["serve"]);
  const { port } = await message<{ port: number }>(server);
  const client = fork(program, ["listen", name, clientUrl, String(port)]);
  try {
    await message(client);
    const all = message<{ late: number[] }>(client);
    server.send("tick");
    const late = (await all).late.slice(COLD_TICKS * STREAMS).sort((a, b) => a - b);
    const at = (share: number): number => late[Math.floor(late.length * share)] ?? Number.NaN;
    return { p50: at(0.5), p99: at(0.99) };
  } finally {
    server.kill();
    client.kill();
  }
}

/**
 * Measures how late events come over 500 streams at once, each client in a process of its own.
 *
 * @param program what {@link serveTicks} and {@link listen} are called by, with their names and arguments
 * @param clientUrl of our client as it is published
 */
export async function measureLatency(
  program: string,
  clientUrl: string,
): Promise<Readonly<Record<ClientName, Lateness>>> {
  const rounds: Record<ClientName, Lateness[]> = { ours: [], eventsource: [], "fetch-event-source": [] };
  for (let number = 0; number < ROUNDS; number += 1) {
    for (const [index] of CLIENTS.entries()) {
      const name = CLIENTS[(index + number) % CLIENTS.length] ?? "ours";
      rounds[name].push(await round(name, program, clientUrl));
    }
  }
  const middle = (name: ClientName): Lateness => ({
    p50: median(rounds[name].map(({ p50 }) => p50)),
    p99: median(rounds[name].map(({ p99 }) => p99)),
  });
  return {
    ours: middle("ours"),
    eventsource: middle("eventsource"),
    "fetch-event-source": middle("fetch-event-source"),
  };
}
