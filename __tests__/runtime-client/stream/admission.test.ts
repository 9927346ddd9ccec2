import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { HEADERS } from "../../../contract/headers";
import { secretName } from "../../../contract/secrets";
import { STREAM_SPANS } from "../../../contract/spans";
import { STREAM } from "../../../contract/streaming";
import { newTraceHeader } from "../../../lab/runtime/function-host";
import { ENVIRONMENT } from "../../support/pipeline-lab";
import {
  configurationStream,
  END_MS,
  eventsIn,
  globalStream,
  linesWith,
  named,
  traceOf,
} from "../../support/stream-reading";
import { accessToken, analyzedArticle, SIGNING_KEY, userRows } from "../../support/stream-seeds";
import { describeStream } from "../../support/stream-suite";

const SHORT = { remainingMs: END_MS + 300 };

describeStream("The admission of a stream", (lab) => {
  beforeAll(() => lab().put("users", ...userRows("ann", { one: { status: "active", tickers: ["AAPL"] } })));
  afterEach(() => lab().gateway.reset());

  test("SSE-D1 ANN-2 ANN-5 SSE-G3 what a resumed stream reads in a cold environment is on record, and answers from memory after", async () => {
    await lab().put("items", analyzedArticle(["AAPL"]));
    const client = await lab().client();
    const traceHeader = newTraceHeader();
    const step = Math.floor((Date.now() - STREAM.settleMs) / 1000) * 1000 - 5000;
    const headers = { "Last-Event-ID": `${step}-0` };
    const { prelude } = await client.invoke(globalStream({ headers }), { traceHeader, ...SHORT });
    expect(prelude?.headers?.[HEADERS.resumeSupported]).toBe("true");
    const own = lab().collector.spans.filter(({ traceId }) => traceId === traceOf(traceHeader).traceId);
    const polls = named(own, STREAM_SPANS.poll);
    const [first] = [...polls].sort((a, b) => a.startedAt - b.startedAt);
    expect(first?.attributes).toMatchObject({ cache_hit: false, trigger: "cold_start" });
    const queries = named(own, STREAM_SPANS.querySentiment);
    expect(queries.filter(({ parentSpanId }) => parentSpanId === first?.spanId)).toHaveLength(3);
    expect(first?.endedAt).toBeLessThanOrEqual(
      Math.min(...named(own, STREAM_SPANS.dispatch).map(({ startedAt }) => startedAt)),
    );
  });

  test("SSE-G3 a stream that cannot tell where to go on is refused, not started anew", async () => {
    const client = await lab().client();
    lab().gateway.failWhen(({ input }) =>
      input["IndexName"] === "by_sentiment"
        ? { status: 400, code: "ValidationException", message: "broken by the test" }
        : undefined,
    );
    const step = Math.floor(Date.now() / 1000) * 1000 - 10_000;
    const answer = await client.invoke(globalStream({ headers: { "Last-Event-ID": `${step}-1` } }), SHORT);
    expect(answer.prelude).toMatchObject({ statusCode: 503, headers: { "Retry-After": "30" } });
    expect(await lab().scan("leases")).toEqual([]);
  });

  test("SSE-C1 a trace header without decision yields no spans of a trace of our own, and says so", async () => {
    const client = await lab().client();
    await lab().collector.reset();
    const root = "1-6b0172a0-5fbb53a7c8f2242e72a4a069";
    const { lines, end } = await client.invoke(globalStream(), { traceHeader: `Root=${root}`, ...SHORT });
    expect(end).toBe("streamed");
    expect(lab().collector.spans).toEqual([]);
    expect(linesWith(lines, "trace_header_unusable")).toHaveLength(1);
  });

  test("C9 what strangers ask for in vain sends no metrics", async () => {
    const client = await lab().client();
    const before = lab().gateway.calls.length;
    for (const event of [
      configurationStream("one", undefined),
      configurationStream("none", accessToken("ann")),
    ]) {
      expect([401, 404]).toContain((await client.invoke(event, SHORT)).prelude?.statusCode);
    }
    const made = lab()
      .gateway.calls.slice(before)
      .map(({ operation }) => operation);
    expect(made).not.toContain("PutMetricData");
  });

  test("D19 a new signing key is found at the first token it signed, the old one is good no longer", async () => {
    const client = await lab().client();
    const status = async (key: string) =>
      (await client.invoke(configurationStream("one", accessToken("ann", {}, key)), SHORT)).prelude
        ?.statusCode;
    expect(await status(SIGNING_KEY)).toBe(200);
    const changed = `${SIGNING_KEY}, changed`;
    const secrets = new SecretsManagerClient({
      endpoint: lab().moto.url,
      region: "us-east-1",
      credentials: { accessKeyId: "lab", secretAccessKey: "lab" },
    });
    const put = async (key: string) =>
      secrets.send(
        new PutSecretValueCommand({
          SecretId: secretName(ENVIRONMENT, "access-tokens"),
          SecretString: JSON.stringify({ signing_key: key }),
        }),
      );
    await put(changed);
    try {
      expect(await status(changed)).toBe(200);
      expect(await status(SIGNING_KEY)).toBe(401);
    } finally {
      await put(SIGNING_KEY);
      secrets.destroy();
    }
  });

  test("D22 a lease that could not be given back is told by the next stream", async () => {
    const client = await lab().client();
    lab().gateway.failWhen(({ operation }) =>
      operation === "DeleteItem"
        ? { status: 400, code: "ValidationException", message: "broken by the test" }
        : undefined,
    );
    await client.invoke(globalStream(), SHORT);
    lab().gateway.reset();
    const [heartbeat] = eventsIn(await client.invoke(globalStream(), SHORT));
    expect(heartbeat?.data).toMatchObject({ state_valid: false, connections: 2 });
  });
});
