import { randomUUID } from "node:crypto";
import { API } from "../../contract/api";
import type { ProblemKey } from "../../contract/problems";
import type { Sent } from "./api-lab";

/** Appears in much of what is sent, and must appear in nothing that comes out. */
export const MARKER = "zebrafish";

type Row = readonly [
  why: string,
  method: string,
  path: string,
  sent: Sent,
  problem: ProblemKey,
  detail: RegExp,
];

/** An alert rule nothing is wrong with. */
export const RULE = {
  ticker: "AAPL",
  alert_type: "sentiment_threshold",
  threshold_value: 0.5,
  threshold_direction: "above",
};
const WATCH = { name: "One", tickers: [{ symbol: "AAPL" }] };
export const CONFIGURATIONS = "/api/v2/configurations";
export const ALERTS = "/api/v2/alerts";
const SERIES = "/api/v2/timeseries/AAPL";

const configuration = (why: string, body: unknown, detail: RegExp): Row => [
  `a configuration ${why}`,
  "POST",
  CONFIGURATIONS,
  { body },
  "invalid-request",
  detail,
];
const alert = (why: string, change: Record<string, unknown>, detail: RegExp): Row => [
  `an alert ${why}`,
  "POST",
  ALERTS,
  { body: { ...RULE, ...change } },
  "invalid-request",
  detail,
];
const query = (path: string, detail: RegExp): Row => [
  path.slice(0, 80),
  "GET",
  path,
  {},
  "invalid-request",
  detail,
];

/** Requests that are refused although their sender is known. */
export const BAD_REQUESTS: readonly Row[] = [
  query(`/api/v2/metrics?${MARKER}=1`, /^This route knows these query parameters: hours\.$/),
  query("/api/v2/metrics?__proto__=1", /^This route knows these query parameters: hours\.$/),
  query("/api/v2/metrics?hours=1&hours=2", /^hours must be a whole number from 1 to 168\.$/),
  ...["0", "169", "-1", "1e2", "NaN", "Infinity", "", "0x10", "99999999999999999999", MARKER, "١"].map(
    (hours) =>
      query(
        `/api/v2/metrics?hours=${encodeURIComponent(hours)}`,
        /^hours must be a whole number from 1 to 168\.$/,
      ),
  ),
  ...["0", "101", "-5", "NaN"].map((limit) =>
    query(`/api/v2/articles?limit=${limit}`, /^limit must be a whole number from 1 to 100\.$/),
  ),
  ...["", ",", "A,B,C,D,E,F", "A%20OR%20B", "ﬀ", "ß", encodeURIComponent(") OR (1=1"), MARKER].map((tags) =>
    query(
      `/api/v2/articles?tags=${tags === MARKER ? `${MARKER}-and-more` : tags}`,
      /^tags must be 1 to 5 ticker symbols/,
    ),
  ),
  query(`/api/v2/articles?sentiment=${MARKER}`, /^sentiment must be one of positive, neutral, negative\.$/),
  query("/api/v2/articles?sentiment=constructor", /^sentiment must be one of/),
  ...["%27%3B--", "AAPL%23PROFILE", "..%2F..", "%00", "%F0%9F%9A%80", `${MARKER}-${MARKER}`].map((ticker) =>
    query(`/api/v2/timeseries/${ticker}`, /^ticker must be a ticker symbol/),
  ),
  query(`${SERIES}?resolution=2h`, /^resolution must be one of 1m, 5m/),
  query(`${SERIES}?resolution=toString`, /^resolution must be one of/),
  query(`${SERIES}?start=yesterday`, /^start must be an instant like/),
  query(`${SERIES}?end=2026-02-31T25:00:00Z`, /^end must be an instant like/),
  query(`${SERIES}?start=2026-02-01T00:00:00Z&end=2026-01-01T00:00:00Z`, /^start must not be after end\.$/),
  query(`${SERIES}?limit=1001`, /^limit must be a whole number from 1 to 1000\.$/),
  ...[
    "x",
    "..",
    MARKER,
    "MjAyNi0wMS0wMVQwMDowMDowMC4wMDBa.AAAAAAAAAAAAAAAA",
    "%F0%9F%9A%80",
    "a".repeat(5000),
  ].map((cursor) => query(`${SERIES}?cursor=${cursor}`, /^cursor must be the next_cursor/)),
  query(`${CONFIGURATIONS}?all=${MARKER}`, /^This route knows no query parameters\.$/),
  query(`/health?${MARKER}`, /^This route knows no query parameters\.$/),
  [
    "a query of a write",
    "POST",
    `${ALERTS}?user=${MARKER}`,
    { body: RULE },
    "invalid-request",
    /^This route knows no query parameters\.$/,
  ],
  [
    "a long path",
    "GET",
    `/api/v2/timeseries/${"A".repeat(5000)}`,
    {},
    "not-found",
    /^There is no such route\.$/,
  ],
  ["no such path", "GET", `/api/v2/${MARKER}`, {}, "not-found", /^There is no such route\.$/],
  ["a path of the language", "GET", "/constructor", {}, "not-found", /^There is no such route\.$/],
  ["a slash too many", "GET", "/health/", {}, "not-found", /^There is no such route\.$/],
  [
    "a method too many",
    "PUT",
    ALERTS,
    { body: RULE },
    "method-not-allowed",
    /^Methods of this route: GET, POST, OPTIONS\.$/,
  ],
  [
    "another user's kind of id",
    "PATCH",
    `${CONFIGURATIONS}/PROFILE%23x`,
    { body: WATCH },
    "invalid-request",
    /^id must be/,
  ],
  [
    "an id of nobody",
    "DELETE",
    `${CONFIGURATIONS}/${randomUUID()}`,
    {},
    "not-found",
    /no such active configuration/,
  ],
  [
    "a body that is no JSON",
    "POST",
    ALERTS,
    { body: `{"ticker": "${MARKER}` },
    "invalid-request",
    /^The body is not JSON in UTF-8\.$/,
  ],
  [
    "a body that is a list",
    "POST",
    ALERTS,
    { body: [MARKER] },
    "invalid-request",
    /^The body is not a JSON object\.$/,
  ],
  [
    "a body that is null",
    "POST",
    ALERTS,
    { body: "null" },
    "invalid-request",
    /^The body is not a JSON object\.$/,
  ],
  ["no body", "POST", ALERTS, {}, "invalid-request", /^ticker must be .*; alert_type must be one of/],
  [
    "a form",
    "POST",
    ALERTS,
    { body: `ticker=${MARKER}`, headers: { "content-type": "application/x-www-form-urlencoded" } },
    "unsupported-media-type",
    /^Send application\/json in UTF-8\.$/,
  ],
  [
    "another encoding",
    "POST",
    ALERTS,
    { body: RULE, headers: { "content-type": "application/json; charset=latin1" } },
    "unsupported-media-type",
    /UTF-8/,
  ],
  [
    "a megabyte",
    "POST",
    ALERTS,
    { body: { ...RULE, more: MARKER.repeat(120_000) } },
    "too-large",
    new RegExp(`^A body may have ${API.bodyBytes} bytes\\.$`),
  ],
  [
    "bytes rather than characters too many",
    "POST",
    ALERTS,
    { body: { more: "€".repeat(API.bodyBytes / 2) } },
    "too-large",
    /bytes/,
  ],
  configuration("without tickers", { name: "One" }, /^tickers must be a list of 1 to 5/),
  configuration("with no ticker", { ...WATCH, tickers: [] }, /^tickers must be/),
  configuration(
    "with six",
    { ...WATCH, tickers: [..."ABCDEF"].map((symbol) => ({ symbol })) },
    /^tickers must be/,
  ),
  configuration(
    "with one twice",
    { ...WATCH, tickers: [{ symbol: "A" }, { symbol: "a" }] },
    /^tickers must be/,
  ),
  configuration("with text for tickers", { ...WATCH, tickers: MARKER }, /^tickers must be/),
  configuration(
    "with more of a ticker",
    { ...WATCH, tickers: [{ symbol: "A", [MARKER]: 1 }] },
    /^tickers must be/,
  ),
  configuration(
    "with an object for a name",
    { ...WATCH, name: { $ne: MARKER } },
    /^name must be a line of 1 to 50 characters\.$/,
  ),
  configuration("with a blank name", { ...WATCH, name: "  " }, /^name must be a line/),
  configuration("with a name of 51 rockets", { ...WATCH, name: "🚀".repeat(51) }, /^name must be a line/),
  configuration("with a name of two lines", { ...WATCH, name: `a\n${MARKER}` }, /^name must be a line/),
  configuration(
    "with half a character",
    `{"name":"\\ud800","tickers":[{"symbol":"A"}]}`,
    /^name must be a line/,
  ),
  configuration(
    "with another status",
    { ...WATCH, status: "inactive" },
    /^This route knows these fields: name, tickers\.$/,
  ),
  configuration(
    "with a prototype",
    `{"name":"a","tickers":[{"symbol":"A"}],"__proto__":{"${MARKER}":1}}`,
    /^This route knows these fields/,
  ),
  configuration(
    "with a ticker's prototype",
    `{"name":"a","tickers":[{"symbol":"A","__proto__":{"name":"${MARKER}"}}]}`,
    /^tickers must be/,
  ),
  [
    "a change of nothing",
    "PATCH",
    `${CONFIGURATIONS}/${randomUUID()}`,
    { body: {} },
    "invalid-request",
    /^Send a name, tickers or both\.$/,
  ],
  alert(
    "without direction",
    { threshold_direction: undefined },
    /^threshold_direction must be one of above, below\.$/,
  ),
  alert("of another kind", { alert_type: MARKER }, /^alert_type must be one of/),
  alert(
    "with text for a number",
    { threshold_value: "0.5" },
    /^threshold_value must be a number from -1 to 2\.$/,
  ),
  alert(
    "that no score can reach",
    { threshold_value: 1.5 },
    /^threshold_value must be a number from -1 to 1 for this alert_type\.$/,
  ),
  alert(
    "of volatility below nothing",
    { alert_type: "volatility_threshold", threshold_value: -0.1 },
    /from 0 to 2 for this/,
  ),
  alert(
    "with an endless number",
    { threshold_value: 1e308 },
    /^threshold_value must be a number from -1 to 2\.$/,
  ),
  [
    "a session with a wish",
    "POST",
    "/api/v2/auth/anonymous",
    { body: { user: MARKER } },
    "invalid-request",
    /^This route knows no fields\.$/,
  ],
];
