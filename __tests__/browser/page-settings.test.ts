import { readingOf } from "../../browser/page/live-data";
import { runtimeSettings } from "../../browser/page/settings";
import { STREAM_EVENTS } from "../../contract/streaming";

const RUM = {
  monitor_id: "1f",
  identity_pool_id: "eu-west-1:2f",
  sample_rate: 0.5,
  region: "eu-west-1",
};
const URL = "https://abc.lambda-url.eu-west-1.on.aws/";

test("D29 D34 the stream is where the API says, without its last slash", () => {
  expect(runtimeSettings({ sse_url: URL, environment: "preprod", rum: RUM })).toEqual({
    streamUrl: URL.slice(0, -1),
    environment: "preprod",
    rum: { monitorId: "1f", identityPoolId: "eu-west-1:2f", sampleRate: 0.5, region: "eu-west-1" },
  });
});

test.each([null, undefined, "", "x", {}, { sse_url: null }, { sse_url: "" }, { sse_url: "javascript:1" }])(
  "D34 an API that names no stream (%p) is an error, not another address",
  (answer) => {
    expect(() => runtimeSettings(answer)).toThrow("STREAM_URL");
  },
);

test.each([
  undefined,
  null,
  "x",
  {},
  { ...RUM, monitor_id: "" },
  { ...RUM, monitor_id: 7 },
  { ...RUM, region: undefined },
  { ...RUM, sample_rate: 0 },
  { ...RUM, sample_rate: 2 },
  { ...RUM, sample_rate: "1" },
])("R-23 a page without a whole monitor (%p) loads none", (rum) => {
  expect(runtimeSettings({ sse_url: URL, rum })).not.toHaveProperty("rum");
});

describe("an event of the stream", () => {
  const read = (event: string, data: string) => readingOf({ event, data, id: undefined, lastEventId: "" });
  const sentiment = { ticker: "A", score: -0.5, label: "negative", count: 3 };

  test("is read into what the page shows", () => {
    const origin_timestamp = "2026-01-01T00:00:00.000Z";
    expect(
      read(STREAM_EVENTS.sentiment, JSON.stringify({ ...sentiment, origin_timestamp, more: 1 })),
    ).toEqual({
      data: { kind: "ticker", ...sentiment },
      originAt: Date.parse(origin_timestamp),
    });
    const counts = { total: 3, positive: 1, neutral: 1, negative: 1 };
    expect(read(STREAM_EVENTS.metrics, JSON.stringify(counts))).toEqual({
      data: { kind: "counts", ...counts },
    });
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "7"],
    ["null", "null"],
    ["a score that is text", JSON.stringify({ ...sentiment, score: "1" })],
    ["no ticker", JSON.stringify({ ...sentiment, ticker: undefined })],
    ["no label", JSON.stringify({ ...sentiment, label: 1 })],
  ])("with %s is nothing", (_, data) => {
    expect(read(STREAM_EVENTS.sentiment, data)).toEqual({});
    expect(read(STREAM_EVENTS.metrics, data)).toEqual({});
  });

  test("of another kind has no figures", () => {
    expect(read(STREAM_EVENTS.heartbeat, JSON.stringify(sentiment))).toEqual({});
  });
});
