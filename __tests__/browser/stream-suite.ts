import { setTimeout as sleep } from "node:timers/promises";
import { type EventStream, openStream, type StreamOptions } from "../../browser/sse-client";
import type { StreamEvent } from "../../browser/stream-event";
import type { ConnectionRecord } from "../../browser/stream-state";
import { type Answer, SseServer } from "./sse-server";

/** A stream under test and what it told. */
export interface Opened {
  readonly stream: EventStream;
  readonly events: StreamEvent[];
  /** As `state reason`. */
  readonly states: string[];
  /** Ended connections. */
  readonly ended: ConnectionRecord[];
}

const REAL_MS = 40;

/** Lets sockets and promises do what they have to, in real time. */
export async function settle(milliseconds = REAL_MS): Promise<void> {
  await sleep(milliseconds);
}

/** Waits in real time until something holds. @throws Error after eight seconds */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 8000; !holds(); await sleep(5)) {
    if (Date.now() > deadline) throw new Error(`${what}: not within eight seconds`);
  }
}

/** Only timers that can wait are faked: sockets, and what Node does for itself, keep the real ones. */
export function fakeTimers(): void {
  jest.useFakeTimers({
    doNotFake: [
      "Date",
      "hrtime",
      "nextTick",
      "performance",
      "queueMicrotask",
      "setImmediate",
      "clearImmediate",
    ],
  });
}

const servers: SseServer[] = [];
const streams: EventStream[] = [];

/** A server for one test; {@link tidy} stops it. */
export async function serve(answer: Answer): Promise<SseServer> {
  const server = await SseServer.start(answer);
  servers.push(server);
  return server;
}

/** Opens a stream for one test; {@link tidy} closes it. */
export function open(url: string, options: StreamOptions = {}): Opened {
  const opened = { events: [] as StreamEvent[], states: [] as string[], ended: [] as ConnectionRecord[] };
  const stream = openStream(url, {
    onEvent: (event) => opened.events.push(event),
    onState: (state, reason) => opened.states.push(`${state} ${reason}`),
    onConnection: (one) => one.ending && opened.ended.push({ ...one }),
    ...options,
  });
  streams.push(stream);
  return { stream, ...opened };
}

/** Ends what a test began. */
export async function tidy(): Promise<void> {
  jest.useRealTimers();
  jest.restoreAllMocks();
  for (const stream of streams.splice(0)) stream.close();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
}
