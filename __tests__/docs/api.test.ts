import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { API, API_CORS, API_ROUTES, USER_LIMITS } from "../../contract/api";
import { ALERT_DIRECTIONS, ALERT_TYPES } from "../../contract/mail";
import { PROBLEMS, type ProblemKey, problemType } from "../../contract/problems";
import { SPANS } from "../../contract/spans";
import { RESOLUTIONS } from "../../contract/tables";

const PAGE = readFileSync(resolve(join(__dirname, "..", "..", "docs", "api.md")), "utf8");

function rows(pattern: RegExp): readonly (readonly string[])[] {
  return [...PAGE.matchAll(pattern)].map(([, ...cells]) => cells);
}

describe("docs/api.md", () => {
  test("has the contract's routes in order, with their access", () => {
    const expected = Object.values(API_ROUTES).map(({ method, path, access }) => [
      `${method} ${path}`,
      access,
    ]);
    expect(rows(/^\| `((?:GET|POST|PATCH|DELETE) [^`]+)` \| (\w+) \|/gm)).toEqual(expected);
  });

  test("has the contract's problems in order, with their status", () => {
    const expected = (Object.keys(PROBLEMS) as ProblemKey[]).map((key) => [
      problemType(key),
      String(PROBLEMS[key].status),
    ]);
    expect(rows(/^\| `(urn:[^`]+)` \| (\d+) \|/gm)).toEqual(expected);
  });

  test("states the contract's limits and names", () => {
    const stated = [
      `\`/${API.stage}\``,
      `${API.bodyBytes} bytes`,
      `above ${API.throttle.ratePerSecond}\nrequests per second`,
      `${API_CORS.maxAgeSeconds} s`,
      `good for ${USER_LIMITS.sessionSeconds / 86_400} days`,
      `1 to ${USER_LIMITS.configurationNameLength} characters`,
      `1 to ${USER_LIMITS.tickersPerConfiguration} of`,
      `at most ${USER_LIMITS.configurations}.`,
      `at most ${USER_LIMITS.alerts}.`,
      Object.keys(RESOLUTIONS)
        .map((resolution) => `\`${resolution}\``)
        .join(", "),
      ...[...ALERT_TYPES, ...ALERT_DIRECTIONS, SPANS.route].map((name) => `\`${name}\``),
    ];
    for (const text of stated) expect(PAGE).toContain(text);
  });
});
