import type { SseServer } from "./sse-server";
import { type Opened, settle, until } from "./stream-suite";

/** Waits for ending number so many, then until just before and just after the next connection is due. */
export async function reconnects(server: SseServer, { ended }: Opened, number: number): Promise<number> {
  await until(`ending ${number}`, () => ended.length === number);
  const { delayMs = Number.NaN } = ended[number - 1] ?? {};
  jest.advanceTimersByTime(delayMs - 2);
  await settle();
  expect(server.asked).toHaveLength(number);
  jest.advanceTimersByTime(3);
  await until(`request ${number + 1}`, () => server.asked.length === number + 1);
  return delayMs;
}
