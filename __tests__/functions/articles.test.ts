import fc from "fast-check";
import { scoreText } from "../../functions/analysis/score";
import { collisionRate, dedupKey, isPlausibleDate } from "../../functions/ingestion/article";
import { defaultProvider } from "../../functions/runtime/environment-credentials";

const at = (instant: string) => new Date(instant);

describe("dedupKey", () => {
  test("D10 same words on the same UTC date are the same story", () => {
    const key = dedupKey({ headline: "Apple wins: great results!", publishedAt: at("2026-03-01T00:00:01Z") });
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(
      dedupKey({ headline: "  apple WINS - great results", publishedAt: at("2026-03-01T23:59:59Z") }),
    ).toBe(key);
    expect(
      dedupKey({ headline: "Apple wins: great results!", publishedAt: at("2026-03-02T00:00:00Z") }),
    ).not.toBe(key);
    expect(dedupKey({ headline: "Apple loses", publishedAt: at("2026-03-01T00:00:01Z") })).not.toBe(key);
  });

  test("headlines in other scripts keep their words", () => {
    const publishedAt = at("2026-03-01T00:00:00Z");
    expect(dedupKey({ headline: "苹果公司", publishedAt })).not.toBe(
      dedupKey({ headline: "微软公司", publishedAt }),
    );
  });
});

describe("isPlausibleDate", () => {
  const now = Date.parse("2026-03-31T12:00:00Z");

  test.each([
    ["2026-03-31T12:09:00Z", true],
    ["2026-03-31T12:11:00Z", false],
    ["2026-03-01T12:00:00Z", true],
    ["2026-03-01T11:59:59Z", false],
    ["1899-12-31T00:00:00Z", false],
    ["not a date", false],
  ])("%s: %s", (instant, plausible) => {
    expect(isPlausibleDate(at(instant), now)).toBe(plausible);
  });
});

describe("collisionRate", () => {
  const stories = (from: number, to: number, vendor: "tiingo" | "finnhub") =>
    Array.from({ length: to - from }, (_, index) => ({
      vendor,
      headline: `Story ${from + index}`,
      description: "",
      url: "",
      publishedAt: at("2026-03-01T00:00:00Z"),
      tickers: [],
    }));

  test("is the shared part of all distinct articles", () => {
    expect(collisionRate([stories(0, 15, "tiingo"), stories(10, 20, "finnhub")])).toBe(5 / 20);
  });

  test("says nothing about nineteen articles, or one vendor", () => {
    expect(collisionRate([stories(0, 15, "tiingo"), stories(10, 19, "finnhub")])).toBeUndefined();
    expect(collisionRate([stories(0, 50, "tiingo")])).toBeUndefined();
  });
});

describe("scoreText", () => {
  test("D11 scores lie between -1 and 1 for any text, and the label follows the score", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600 }), (text) => {
        const { score, sentiment } = scoreText(text);
        expect(Math.abs(score)).toBeLessThanOrEqual(1);
        expect(sentiment).toBe(score > 0.33 ? "positive" : score < -0.33 ? "negative" : "neutral");
      }),
    );
  });

  test.each([
    ["Outstanding, superb, breathtaking", "positive"],
    ["Catastrophic fraud, terrible losses", "negative"],
    ["", "neutral"],
    ["The meeting is on Tuesday", "neutral"],
  ])("%j is %s", (text, sentiment) => {
    expect(scoreText(text).sentiment).toBe(sentiment);
  });

  test("reads the first 512 characters only", () => {
    const filler = "the ".repeat(128);
    expect(scoreText(`${filler}catastrophic fraud`)).toEqual({ score: 0, sentiment: "neutral" });
  });
});

describe("credentials in Lambda", () => {
  const before = { ...process.env };

  afterEach(() => {
    process.env = { ...before };
  });

  test("come from the environment, read anew each time", async () => {
    const provide = defaultProvider();
    for (const accessKeyId of ["first", "rotated"]) {
      process.env["AWS_ACCESS_KEY_ID"] = accessKeyId;
      process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
      process.env["AWS_SESSION_TOKEN"] = "token";
      expect(await provide()).toEqual({ accessKeyId, secretAccessKey: "secret", sessionToken: "token" });
    }
  });

  test("missing ones are an error that names the variables and no value", async () => {
    process.env["AWS_ACCESS_KEY_ID"] = "half-a-pair";
    delete process.env["AWS_SECRET_ACCESS_KEY"];
    await expect(defaultProvider()()).rejects.toThrow(
      /^No AWS credentials: AWS_ACCESS_KEY_ID and AWS_SECRET/,
    );
    await expect(defaultProvider()()).rejects.not.toThrow(/half-a-pair/);
  });
});
