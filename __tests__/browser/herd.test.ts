import { setTimeout as sleep } from "node:timers/promises";
import { type EventStream, openStream } from "../../browser/sse-client";
import { begin, SseServer } from "./sse-server";
import { until } from "./stream-suite";

const CLIENTS = 500;
/** The first delay after a reset is one to three seconds. */
const WINDOW_MS = 2000;

/** The most that fall into one bin of so many milliseconds, over what each would have if all had the same. */
function peak(times: readonly number[], binMs: number): number {
  const bins = new Map<number, number>();
  for (const time of times) bins.set(Math.floor(time / binMs), (bins.get(Math.floor(time / binMs)) ?? 0) + 1);
  return Math.max(...bins.values()) / (CLIENTS / (WINDOW_MS / binMs));
}

test("CLI-3 five hundred clients that are reset at once come back apart: no tenth of a second has twice its share", async () => {
  const server = await SseServer.start((response) =>
    begin(response).write("retry: 3000\nid: 1\ndata: a\n\n"),
  );
  const streams: EventStream[] = [];
  const due: number[] = [];
  for (let number = 0; number < CLIENTS; number += 1) {
    const onConnection = ({ delayMs }: { delayMs?: number | undefined }): void => {
      if (delayMs !== undefined) due.push(Date.now() + delayMs);
    };
    streams.push(openStream(server.url, { onEvent: () => undefined, onConnection }));
    if (number % 50 === 49) await sleep(20);
  }
  await until("all open", () => server.open.size === CLIENTS);
  const resetAt = Date.now();
  server.reset();
  await until("all reset", () => due.length === CLIENTS);
  await until("all open again", () => server.asked.length === 2 * CLIENTS);
  for (const stream of streams) stream.close();
  await server.stop();

  const back = server.asked.slice(CLIENTS).map(({ at }) => at - resetAt);
  expect(Math.min(...back)).toBeGreaterThan(990);
  expect(peak(due, 100)).toBeLessThanOrEqual(2);
  // A busy machine holds timers up and lets them go at once, so what really came is judged by the half second.
  expect(peak(back, 500)).toBeLessThanOrEqual(2);
});
