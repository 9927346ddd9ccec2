import { OtlpReceiver } from "../../lab/runtime/otlp-receiver";
import { describeWith } from "../support/tools";
import { startProbe, toldBy } from "./probe/lab";
import type { Vitals } from "./probe/vitals";

describeWith(["runtimeClient"], "A warm environment", () => {
  test("C4 SSE-B8 SSE-B9 100 warm invocations leave heap, sockets, timers and listeners as they were", async () => {
    const collector = await OtlpReceiver.start();
    const client = await startProbe(collector, { variables: { NODE_OPTIONS: "--expose-gc" } });
    const seen: Vitals[] = [];
    try {
      for (let index = 0; index < 100; index += 1) {
        seen.push(toldBy(await client.invoke({ events: 5, rate: 1000 })).vitals);
      }
    } finally {
      await client.stop();
      await collector.stop();
    }
    // The first invocations compile and fill caches.
    const [early, last] = [seen[9], seen.at(-1)];
    if (early === undefined || last === undefined) throw new Error("no vitals");
    expect((last.heapBytes - early.heapBytes) / 1e6).toBeLessThan(5);
    expect(last.resources["TCPSocketWrap"] ?? 0).toBeLessThanOrEqual(early.resources["TCPSocketWrap"] ?? 0);
    expect(last.resources["Timeout"] ?? 0).toBe(early.resources["Timeout"] ?? 0);
    expect(last.listeners).toEqual(early.listeners);
    for (const event of ["exit", "SIGTERM", "SIGINT"]) expect(last.listeners[event]).toBeUndefined();
    // One provider, one exporter: their one agent needs no more connections than exports run at once.
    expect(collector.connections).toBeLessThanOrEqual(2);
  });
});
