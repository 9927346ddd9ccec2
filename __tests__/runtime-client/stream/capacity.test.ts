import { setTimeout as sleep } from "node:timers/promises";
import { type METRICS, RELIABILITY_NAMESPACE } from "../../../contract/metrics";
import { STREAM_EVENTS, STREAM_ROUTES } from "../../../contract/streaming";
import { LeaseTable } from "../../../lab/runtime/lease-table";
import { urlEvent } from "../../../lab/runtime/url-event";
import { END_MS, eventsIn, globalStream, jsonOf, namesIn, stepEventsIn } from "../../support/stream-reading";
import { analyzedArticle } from "../../support/stream-seeds";
import { describeStream } from "../../support/stream-suite";

const LEASES = 100;
const CLIENTS = 200;

describeStream("Many streams at once", (lab) => {
  beforeEach(() => lab().reset());

  test("C9 D22 200 clients that come at once get exactly 100 streams and 100 times 503, from two environments", async () => {
    const leases = LeaseTable.inFrontOf(lab().gateway, "dev-sentiment-leases");
    // Without traces: this is about leases, and all spans of two hundred streams would meet in one queue.
    const change = { SSE_MAX_CONNECTIONS: String(LEASES), OTEL_SDK_DISABLED: "true" };
    const hosts = await Promise.all([lab().host(change), lab().host(change)]);
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, index) =>
        hosts[index % 2]?.connect(globalStream(), { remainingMs: END_MS + 4000 }),
      ),
    );
    const streams = answers.filter((answer) => answer?.prelude.statusCode === 200);
    const refused = answers.filter((answer) => answer?.prelude.statusCode === 503);
    expect({ streams: streams.length, refused: refused.length }).toEqual({
      streams: LEASES,
      refused: CLIENTS - LEASES,
    });
    for (const answer of streams) {
      if (answer === undefined) continue;
      expect(namesIn(answer).at(-1)).toBe(STREAM_EVENTS.done);
      expect(eventsIn(answer)[0]?.data["state_valid"]).toBe(true);
    }
    for (const answer of refused) {
      if (answer === undefined) continue;
      expect(answer.prelude.headers).toMatchObject({
        "retry-after": "30",
        "content-type": "application/json",
      });
      expect(jsonOf(answer)).toEqual({ detail: "No stream is free." });
    }
    expect(leases.size).toBe(0);
    const status = await hosts[0]?.connect(urlEvent({ path: STREAM_ROUTES.status }), { remainingMs: 5000 });
    expect(status === undefined ? undefined : jsonOf(status)).toMatchObject({
      connections: 0,
      available: LEASES,
      state_valid: true,
    });
    expect(hosts.every(({ alive }) => alive)).toBe(true);
    const batches = lab().gateway.calls.filter(({ operation }) => operation === "PutMetricData");
    const failures = batches.map(({ input }) => failuresIn(input)).reduce((sum, one) => sum + one, 0);
    expect(failures).toBe(CLIENTS - LEASES);
  });

  test("C9 D22 a lease nobody gave back is free again when it has expired, and not before", async () => {
    await lab().put(
      "leases",
      { pool: "streams", slot: "0000", lease_id: "crashed", expires_at: Date.now() + 60_000 },
      { pool: "streams", slot: "0001", lease_id: "expired", expires_at: Date.now() - 1 },
    );
    const host = await lab().host({ SSE_MAX_CONNECTIONS: "2" });
    const [one, two] = await Promise.all(
      [0, 1].map(() => host.connect(globalStream(), { remainingMs: END_MS + 800 })),
    );
    expect([one?.prelude.statusCode, two?.prelude.statusCode].sort()).toEqual([200, 503]);
    expect((await lab().scan("leases")).map((lease) => lease["lease_id"])).toEqual(["crashed"]);
  });

  test("C5 SSE-G3 streams of one process that get behind each other lose and repeat nothing", async () => {
    const host = await lab().host({ SSE_HEARTBEAT_INTERVAL: "10" });
    const ahead = host.connect(globalStream(), { remainingMs: END_MS + 16_000 });
    await sleep(600);
    const behind = host.connect(globalStream(), { remainingMs: END_MS + 15_500 });
    await sleep(600);
    // Polls take longer than a step, so that a heartbeat comes due together with one; counting for it takes twice
    // as long, while the other stream goes on.
    lab().gateway.failWhen(({ operation, input }) =>
      operation === "Query" ? { delayMs: input["IndexName"] === "by_sentiment" ? 1200 : 2700 } : undefined,
    );
    const ends = Date.now() + 13_000;
    while (Date.now() < ends) {
      await lab().put("items", analyzedArticle(["AAPL", "MSFT"]));
      await sleep(150);
    }
    for (const answer of await Promise.all([ahead, behind])) {
      const ids = stepEventsIn(answer).map(({ id }) => id);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
      expect(ids.length).toBeGreaterThan(100);
    }
    lab().gateway.reset();
  });
});

/** The acquisition failures of one batch, as it went over the wire. */
function failuresIn(input: Readonly<Record<string, unknown>>): number {
  const name = "ConnectionAcquireFailures" satisfies keyof typeof METRICS;
  expect(JSON.stringify(input)).toContain(RELIABILITY_NAMESPACE);
  const data = (input["MetricData"] ?? []) as readonly { MetricName: string; Value?: number }[];
  return data.reduce((sum, { MetricName, Value = 0 }) => (MetricName === name ? sum + Value : sum), 0);
}
