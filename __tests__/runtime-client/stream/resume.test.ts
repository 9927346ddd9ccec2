import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { LeaseTable } from "../../../lab/runtime/lease-table";
import type { Connection, StreamHost } from "../../../lab/runtime/stream-host";
import { END_MS, eventsIn, globalStream, type StreamEvent, stepEventsIn } from "../../support/stream-reading";
import { analyzedArticle } from "../../support/stream-seeds";
import { describeStream } from "../../support/stream-suite";

const TICKERS = ["AAPL", "MSFT", "GOOG", "AMZN", "NVDA", "TSLA"];
/** Milliseconds of the reference stream. */
const REFERENCE_MS = 18_000;
const CUTS = 500;
const AT_ONCE = 100;
/** Milliseconds a resumed stream lasts: enough for its first poll, which brings all it missed. */
const CATCH_UP_MS = 2500;
/** The same for a stream that has the machine to itself. */
const SOON_MS = 1200;

/** What tells one event from another: its position and everything in it but the time of sending. */
function essence({ name, id, data }: StreamEvent): string {
  // A bucket's figures are those of the moment of reading, and so its origin too.
  const { timestamp: _, trace_id: __, bucket, origin_timestamp: ___, ...rest } = data;
  const start = (bucket as { start?: string } | undefined)?.start;
  return JSON.stringify({ name, id, start, ...rest });
}

function resumes({ prelude }: Connection): string | undefined {
  return prelude?.headers?.["x-sse-resume-supported"];
}

describeStream("Resuming a stream", (lab) => {
  let warm: StreamHost;
  let cold: StreamHost;
  let reference: readonly StreamEvent[];
  /** Every id a client could hold, heartbeats' included, with how many step events lie behind it. */
  let positions: readonly { readonly id: string; readonly behind: number }[];

  beforeAll(async () => {
    // Without traces: a hundred thousand spans would only keep the collector busy.
    const variables = { SSE_HEARTBEAT_INTERVAL: "10", OTEL_SDK_DISABLED: "true" };
    LeaseTable.inFrontOf(lab().gateway, "dev-sentiment-leases");
    warm = await lab().host(variables);
    cold = await lab().host(variables);
    let seed = 42;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    const running = warm.connect(globalStream(), { remainingMs: END_MS + REFERENCE_MS });
    const ends = Date.now() + REFERENCE_MS - 3500;
    while (Date.now() < ends) {
      await lab().put(
        "items",
        analyzedArticle(
          TICKERS.filter(() => random() < 0.5),
          {
            score: Math.round(random() * 200 - 100) / 100,
            sentiment: ["positive", "neutral", "negative"][Math.floor(random() * 3)],
          },
        ),
      );
      await sleep(150 + random() * 400);
    }
    const full = await running;
    reference = stepEventsIn(full);
    const numbers = new Map(reference.map(({ id }, index) => [id, index + 1]));
    let behind = 0;
    positions = eventsIn(full).flatMap(({ id }) => {
      behind = numbers.get(id) ?? behind;
      return id === undefined ? [] : [{ id, behind }];
    });
  });

  function follow(client: StreamHost, id: string, query = "", forMs = SOON_MS): Promise<Connection> {
    return client.connect(globalStream({ query, headers: { "Last-Event-ID": id } }), {
      remainingMs: END_MS + forMs,
    });
  }

  test("SSE-G3 ids are unique and in order, and every one that came is a place to go on from", () => {
    expect(positions.length).toBeGreaterThan(CUTS);
    const numbers = reference.map(({ id }) => {
      const [step = 0, n = 0] = (id ?? "").split("-").map(Number);
      return step * 1000 + n;
    });
    for (const [index, number] of numbers.entries())
      if (index > 0) expect(number).toBeGreaterThan(numbers[index - 1] ?? 0);
    for (const { id } of positions) expect(id).toMatch(/^\d{13}-\d+$/);
  });

  test(`C5 SSE-G3 from ${CUTS} random points, in the same process and in another, nothing is lost and nothing comes twice`, async () => {
    const exactly = { minLength: CUTS, maxLength: CUTS };
    const [points = []] = fc.sample(fc.shuffledSubarray([...positions], exactly), 1);
    const wanted = reference.map(essence);
    let supported = 0;
    const problems: string[] = [];
    for (let start = 0; start < points.length; start += AT_ONCE) {
      await Promise.all(
        points.slice(start, start + AT_ONCE).map(async ({ id, behind }, index) => {
          const other = index % 2 === 1;
          const invocation = await follow(other ? cold : warm, id, "", CATCH_UP_MS);
          if (resumes(invocation) === "false") return;
          supported += 1;
          const got = stepEventsIn(invocation)
            .map(essence)
            .slice(0, wanted.length - behind);
          const rest = wanted.slice(behind);
          if (JSON.stringify(got) !== JSON.stringify(rest)) {
            const first = rest.findIndex((one, index) => one !== got[index]);
            problems.push(
              `after ${id} (${other ? "cold" : "warm"}): expected ${rest[first]}, got ${got[first]}`,
            );
          }
        }),
      );
    }
    expect(problems.slice(0, 5)).toEqual([]);
    // Every point is younger than a quarter of an hour, so none may take the way out.
    expect(supported).toBe(CUTS);
  });

  test("C5 SSE-G3 a resumed stream brings no counts to begin with, and a heartbeat with the position it has", async () => {
    const last = reference.at(-1)?.id ?? "";
    const events = eventsIn(await follow(cold, last));
    expect(events[0]).toMatchObject({ name: "heartbeat", id: last });
    expect(events.filter(({ name, id }) => name === "metrics" && id?.endsWith("-0"))).toEqual([]);
  });

  test("C5 D18 SSE-G3 filters hold for what is resumed, and numbers mean the same with them", async () => {
    const cut = reference[Math.floor(reference.length / 3)]?.id ?? "";
    const after = reference.slice(Math.floor(reference.length / 3) + 1);
    const invocation = await follow(cold, cut, "tickers=msft&resolutions=1m,1h");
    const expected = after.filter(
      ({ name, data }) =>
        name === "metrics" ||
        (data["ticker"] === "MSFT" &&
          (name === "sentiment_update" || ["1m", "1h"].includes(String(data["resolution"])))),
    );
    expect(resumes(invocation)).toBe("true");
    expect(stepEventsIn(invocation).map(essence).slice(0, expected.length)).toEqual(expected.map(essence));
  });

  test("C9 SSE-G3 a position that is in the future, too old, misaligned, out of range or none at all starts anew and says so", async () => {
    const [step = 0] = (reference.at(-1)?.id ?? "").split("-").map(Number);
    const bad = {
      future: `${step + 3_600_000}-0`,
      "too old": `${step - 16 * 60_000}-1`,
      misaligned: `${step + 137}-1`,
      "more events than the step had": `${step}-999999`,
      garbage: "evt_3f2b8c1e",
      empty: "",
      "script-like": "<script>alert(1)</script>\r\nx: y",
      long: "1".repeat(10_000),
    };
    const answers = await Promise.all(
      Object.entries(bad).map(async ([title, id]) => {
        const invocation = await follow(cold, id);
        const names = eventsIn(invocation).map(({ name }) => name);
        return [title, resumes(invocation), invocation.prelude?.statusCode, ...names.slice(0, 2)];
      }),
    );
    expect(answers).toEqual(Object.keys(bad).map((title) => [title, "false", 200, "heartbeat", "metrics"]));
  });

  test("C9 SSE-G3 a stream that cannot be worked out anew is a 503, not a gap", async () => {
    const fresh = await lab().host();
    lab().gateway.failWhen(({ input }) =>
      input["IndexName"] === "by_sentiment"
        ? { status: 400, code: "ValidationException", message: "broken by the test" }
        : undefined,
    );
    const invocation = await follow(fresh, reference[3]?.id ?? "");
    lab().gateway.reset();
    expect(invocation.prelude).toMatchObject({ statusCode: 503, headers: { "retry-after": "30" } });
  });
});
