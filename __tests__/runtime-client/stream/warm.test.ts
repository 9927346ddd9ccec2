import type { RuntimeClient } from "../../../lab/runtime/runtime-client";
import { streamCode } from "../../support/stream-code";
import { END_MS, globalStream, jsonOf, namesIn } from "../../support/stream-reading";
import { describeStream } from "../../support/stream-suite";
import type { Vitals } from "../probe/vitals";

const INVOCATIONS = 100;
/** Milliseconds of each stream. */
const STREAM_MS = 100;

describeStream("A warm environment of the streaming function", (lab) => {
  async function vitalsOf(client: RuntimeClient): Promise<Vitals> {
    return jsonOf(await client.invoke({ lab: { vitals: true } })) as Vitals;
  }

  test("C4 SSE-B8 SSE-B9 100 warm streams leave heap, sockets, timers and listeners as they were", async () => {
    await lab().traffic(500, ["AAPL"]);
    const client = await lab().client({
      code: streamCode("lab"),
      variables: { NODE_OPTIONS: "--expose-gc" },
    });
    const invoke = async () =>
      namesIn(await client.invoke(globalStream(), { remainingMs: END_MS + STREAM_MS }));
    // The first invocations compile and fill caches.
    for (let index = 0; index < 10; index += 1) await invoke();
    const early = await vitalsOf(client);
    const streams: (readonly string[])[] = [];
    for (let index = 0; index < INVOCATIONS; index += 1) streams.push(await invoke());
    const last = await vitalsOf(client);
    // Each did what a stream does; what a busy machine has no time for in a tenth of a second is another matter.
    for (const names of streams) expect([names[0], names.at(-1)]).toEqual(["heartbeat", "done"]);
    expect(streams.filter((names) => names.includes("metrics")).length).toBeGreaterThan(INVOCATIONS * 0.9);
    expect((last.heapBytes - early.heapBytes) / 1e6).toBeLessThan(5);
    expect(last.resources["TCPSocketWrap"] ?? 0).toBeLessThanOrEqual(
      (early.resources["TCPSocketWrap"] ?? 0) + 1,
    );
    expect(last.resources["Timeout"] ?? 0).toBeLessThanOrEqual(early.resources["Timeout"] ?? 0);
    expect(last.listeners).toEqual(early.listeners);
    for (const event of ["exit", "SIGTERM", "SIGINT"]) {
      expect([event, last.listeners[event]]).toEqual([event, undefined]);
    }
    expect(lab().collector.connections).toBeLessThanOrEqual(2);
    expect(await lab().scan("leases")).toEqual([]);
  });
});
