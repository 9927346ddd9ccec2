import { NO_ORIGIN } from "../../../contract/headers";
import { pipelineVariables } from "../../support/pipeline-variables";

const { dashboard } = pipelineVariables({
  requestsTopicArn: "arn:x",
  notificationsTopicArn: "arn:x",
  tiingoUrl: "http://127.0.0.1:9",
  finnhubUrl: "http://127.0.0.1:9",
  mailUrl: "http://127.0.0.1:9",
  secretArns: { tiingo: "arn:x", finnhub: "arn:x", sendgrid: "arn:x", "access-tokens": "arn:x" },
});
const before = { ...process.env };

/** What a cold start with these variables makes of them. */
function start(
  change: Readonly<Record<string, string>>,
): typeof import("../../../functions/dashboard/settings") {
  process.env = { ...before, ...dashboard, AWS_REGION: "eu-central-1", ...change };
  jest.resetModules();
  return require("../../../functions/dashboard/settings");
}

afterAll(() => {
  process.env = before;
});

test("reads the lab's variables", () => {
  const { config, settings } = start({});
  expect(config.environment).toBe("dev");
  expect(settings).toEqual({
    origins: new Set(["http://localhost:3000"]),
    rumSampleRate: 1,
    region: "eu-central-1",
  });
});

test("takes several origins, and a rate of none at all", () => {
  const { settings } = start({
    CORS_ORIGINS: "https://a.example, https://b.example:8443",
    RUM_SAMPLE_RATE: "0",
  });
  expect([...settings.origins]).toEqual(["https://a.example", "https://b.example:8443"]);
  expect(settings.rumSampleRate).toBe(0);
});

test("takes no origin at all, as preprod and prod have it until somebody says where the page is", () => {
  expect(start({ CORS_ORIGINS: NO_ORIGIN }).settings.origins.size).toBe(0);
});

test.each([
  ["CORS_ORIGINS", "*", /CORS_ORIGINS must be origins, comma-separated/],
  ["CORS_ORIGINS", "http://localhost:3000,http://news.example", /CORS_ORIGINS must be origins/],
  ["CORS_ORIGINS", "https://news.example/", /CORS_ORIGINS must be origins/],
  ["CORS_ORIGINS", "https://news.example,", /CORS_ORIGINS must be origins/],
  ["CORS_ORIGINS", "", /CORS_ORIGINS is not set/],
  ["RUM_SAMPLE_RATE", "10", /RUM_SAMPLE_RATE must be from 0 to 1/],
  ["RUM_SAMPLE_RATE", "-0.1", /RUM_SAMPLE_RATE must be from 0 to 1/],
  ["RUM_SAMPLE_RATE", "often", /RUM_SAMPLE_RATE must be from 0 to 1/],
  ["STREAM_URL", "nowhere", /STREAM_URL must be an http or https URL/],
  ["AWS_REGION", "", /AWS_REGION is not set/],
])("refuses to start with %s=%s, and says why without the value", (name, value, why) => {
  let message = "";
  try {
    start({ [name]: value });
  } catch (error) {
    message = String(error);
  }
  expect(message).toMatch(why);
  expect(message).toContain("dashboard cannot start");
  if (value !== "" && value.length > 4) expect(message).not.toContain(value);
});
