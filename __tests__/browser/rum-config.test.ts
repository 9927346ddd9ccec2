import { rumConfig } from "../../browser/page/rum-client";
import { API_ROUTES } from "../../contract/api";
import { STREAM_ROUTES } from "../../contract/streaming";

const API = "https://api.example.com";
const STREAM = "https://stream.example.com";
const SETTINGS = { monitorId: "1f", identityPoolId: "eu-west-1:2f", sampleRate: 0.25, region: "eu-west-1" };

/** The part of RUM's settings of requests that this page sets. */
interface HttpTelemetry {
  readonly urlsToInclude: readonly RegExp[];
  readonly urlsToExclude: readonly RegExp[];
  readonly addXRayTraceIdHeader: readonly RegExp[];
}

const config = rumConfig(SETTINGS, [API, STREAM]);
const http = (config.telemetries ?? []).flatMap((one) =>
  Array.isArray(one) ? [one[1] as HttpTelemetry] : [],
)[0];
const matches = (list: readonly RegExp[] = [], url: string): boolean => list.some((one) => one.test(url));

test("D35 FE-5 RUM traces, samples as told, and records no screen, no clicks and no cookie", () => {
  expect(config).toMatchObject({ enableXRay: true, sessionSampleRate: 0.25, allowCookies: false });
  const names = (config.telemetries ?? []).map((one) => (Array.isArray(one) ? one[0] : one));
  expect(names).toEqual(["errors", "performance", "http"]);
});

test.each([`${API}/v1${API_ROUTES.runtime.path}`, `${STREAM}/`, STREAM])(
  "FE-5 RUM's header covers %s",
  (url) => {
    expect(matches(http?.urlsToInclude, url)).toBe(true);
    expect(matches(http?.addXRayTraceIdHeader, url)).toBe(true);
    expect(matches(http?.urlsToExclude, url)).toBe(false);
  },
);

test.each([
  `${API}.evil.example/v1`,
  "https://apiXexample.com/v1",
  "https://cognito-identity.eu-west-1.amazonaws.com/",
  `https://other.example.com/?${API}/`,
])("RUM's header does not go to %s", (url) => {
  expect(matches(http?.urlsToInclude, url)).toBe(false);
  expect(matches(http?.addXRayTraceIdHeader, url)).toBe(false);
});

test.each([
  STREAM + STREAM_ROUTES.global,
  `${STREAM + STREAM_ROUTES.global}?tickers=A`,
  STREAM + STREAM_ROUTES.configuration.replace("{id}", "1f-2"),
])("R-22 RUM leaves the stream %s to its own client", (url) => {
  expect(matches(http?.urlsToExclude, url)).toBe(true);
});

test("R-22 RUM does not leave out the API", () => {
  for (const { path } of Object.values(API_ROUTES)) {
    expect(matches(http?.urlsToExclude, `${API}/v1${path.replace("{id}", "1f")}`)).toBe(false);
  }
});
