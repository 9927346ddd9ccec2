import { API_ROUTES, type ApiRouteKey } from "../../../contract/api";
import { placeOf, routeAt } from "../../../functions/dashboard/router";

const filled = (path: string): string => path.replace(/\{\w+\}/g, "some-value");

test.each(Object.keys(API_ROUTES) as ApiRouteKey[])("%s is found at its own path and method", (key) => {
  const { path, method } = API_ROUTES[key];
  const place = placeOf(filled(path));
  expect(place?.template).toBe(path);
  expect(routeAt(place, method)).toBe(key);
  expect(Object.values(place?.parameters ?? {})).toEqual(path.includes("{") ? ["some-value"] : []);
});

test.each([
  "",
  "/",
  "//health",
  "/healthy",
  "/api/v2/timeseries/",
  "/api/v2/timeseries/a/b",
  "/api/v2/configurations/",
])("there is nothing at %s", (path) => expect(placeOf(path)).toBeUndefined());

test.each(["constructor", "__proto__", "get", "HEAD", ""])("no place knows the method %s", (method) => {
  expect(() => routeAt(placeOf("/health"), method)).toThrow("Methods of this route: GET, OPTIONS.");
});
