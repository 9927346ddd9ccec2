import { filterPattern, LOG_EVENTS } from "../../../contract/logs";
import { STREAM_SPANS } from "../../../contract/spans";
import { STREAM_EVENTS } from "../../../contract/streaming";
import { type Behaviour, OtlpReceiver } from "../../../lab/runtime/otlp-receiver";
import type { RuntimeClientVersion } from "../../../lab/runtime/runtime-client";
import type { StreamedInvocation } from "../../../lab/runtime/streamed-invocation";
import { matchesPattern } from "../../support/filter-pattern";
import { END_MS, globalStream, linesWith, named, namesIn } from "../../support/stream-reading";
import { describeStream } from "../../support/stream-suite";

/** One article a second on two tickers: counts, two aggregates and twelve buckets. */
const EVENTS_PER_SECOND = 15;
const SECONDS = 15;

interface Outcome {
  readonly invocation: StreamedInvocation;
  readonly collector: OtlpReceiver;
  /** The function's own account. */
  readonly created: number;
  readonly exported: number;
  /** What its lines say was lost. */
  readonly reportedLost: number;
}

const CASES: Readonly<Record<string, readonly [Behaviour, RuntimeClientVersion]>> = {
  "healthy (client 3)": [{ kind: "healthy" }, "3"],
  "healthy (client 4)": [{ kind: "healthy" }, "4"],
  slow: [{ kind: "slow", delayMs: 400 }, "3"],
  "unavailable once, then healthy": [{ kind: "unavailable", times: 1 }, "3"],
  // The second retry would come after the two seconds an export may take.
  "is unavailable twice in a row": [{ kind: "unavailable", times: 2 }, "3"],
  refuses: [{ kind: "refuse" }, "3"],
  hangs: [{ kind: "hang" }, "4"],
  crashes: [{ kind: "crash", afterExports: 4 }, "3"],
};

describeStream("The spans of a stream of fifteen seconds, with collectors in every state", (lab) => {
  const outcomes = new Map<string, Outcome>();
  const collectors: OtlpReceiver[] = [];

  // All at once: each has its own process and collector, and they would take two minutes one after the other.
  beforeAll(async () => {
    await lab().traffic(1000, ["AAPL", "MSFT"]);
    await Promise.all(
      Object.entries(CASES).map(async ([title, [behaviour, version]]) => {
        const collector = await OtlpReceiver.start();
        collectors.push(collector);
        const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
        const client = await lab().client({ version, variables });
        await collector.reset(behaviour);
        const invocation = await client.invoke(globalStream(), { remainingMs: SECONDS * 1000 + END_MS });
        const [ended] = linesWith(invocation.lines, "spans_created");
        outcomes.set(title, {
          invocation,
          collector,
          created: Number(ended?.["spans_created"]),
          exported: Number(ended?.["spans_exported"]),
          reportedLost: linesWith(invocation.lines, LOG_EVENTS.otelExportFailed.field).reduce(
            (sum, line) => sum + Number(line["spans"]),
            0,
          ),
        });
      }),
    );
  });

  afterAll(async () => {
    await Promise.all(collectors.map((collector) => collector.stop()));
  });

  function outcomeOf(title: string): Outcome {
    const outcome = outcomes.get(title);
    if (outcome === undefined) throw new Error(`${title} did not run`);
    return outcome;
  }

  function expectWholeStream(invocation: StreamedInvocation): void {
    expect(invocation.end).toBe("streamed");
    expect(namesIn(invocation).slice(-2)).toEqual([STREAM_EVENTS.deadline, STREAM_EVENTS.done]);
    expect(invocation.events.length).toBeGreaterThan(EVENTS_PER_SECOND * (SECONDS - 3));
    expect(invocation.deadline - (invocation.completedAt ?? Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(
      400,
    );
  }

  function linesMatching({ lines }: StreamedInvocation, event: keyof typeof LOG_EVENTS): number {
    return lines.filter((line) => matchesPattern(filterPattern(LOG_EVENTS[event]), line)).length;
  }

  test.each(["healthy (client 3)", "healthy (client 4)", "slow", "unavailable once, then healthy"])(
    "C2 SSE-B6 SSE-E1 SSE-E7 VER-2 every span arrives, one for each event: collector %s",
    (title) => {
      const { invocation, collector, created, exported, reportedLost } = outcomeOf(title);
      expectWholeStream(invocation);
      const ids = new Set(collector.spans.map(({ spanId }) => spanId));
      expect({
        created,
        exported,
        received: collector.spans.length,
        distinct: ids.size,
        reportedLost,
      }).toEqual({
        created,
        exported: created,
        received: created,
        distinct: created,
        reportedLost: 0,
      });
      // The last two events are sent after the flush, when no span may start any more.
      const sent = namesIn(invocation).length - 2;
      expect(named(collector.spans, STREAM_SPANS.dispatch)).toHaveLength(sent);
      expect(linesMatching(invocation, "otelExportFailed")).toBe(0);
    },
  );

  test.each([
    ["refuses", "collectorUnavailable"],
    ["hangs", "collectorHang"],
    ["crashes", "collectorUnavailable"],
    ["is unavailable twice in a row", undefined],
  ] as const)(
    "C2 SSE-B14 SSE-E2 the stream ends well and in time, and its lines count the loss: collector %s",
    (title, cause) => {
      const { invocation, collector, created, exported, reportedLost } = outcomeOf(title);
      expectWholeStream(invocation);
      expect(created).toBeGreaterThan(EVENTS_PER_SECOND * (SECONDS - 3));
      expect(collector.spans.length).toBe(exported);
      expect(reportedLost).toBe(created - exported);
      expect(reportedLost).toBeGreaterThan(0);
      expect(linesMatching(invocation, "otelExportFailed")).toBeGreaterThan(0);
      const causes = (["collectorUnavailable", "collectorHang"] as const).filter(
        (event) => linesMatching(invocation, event) > 0,
      );
      expect(causes).toEqual(cause === undefined ? [] : [cause]);
      expect(linesMatching(invocation, "spanQueueOverflow")).toBe(0);
    },
  );
});
