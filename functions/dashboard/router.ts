import { API_ROUTES, type ApiRoute, type ApiRouteKey } from "../../contract/api";
import { Problem } from "./problem";

/** A path that has routes. */
export interface Place {
  /** Path of the contract, its parameters unfilled. */
  readonly template: string;
  /** What the path has in place of the parameters, as sent. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly routes: Readonly<Partial<Record<string, ApiRouteKey>>>;
}

interface Pattern {
  readonly template: string;
  readonly expression: RegExp;
  readonly routes: Partial<Record<string, ApiRouteKey>>;
}

/** Longer parts of a path are nobody's id and no ticker. */
const PART_LENGTH = 128;

function patterns(): readonly Pattern[] {
  const all = new Map<string, Pattern>();
  for (const [key, { path, method }] of Object.entries(API_ROUTES) as [ApiRouteKey, ApiRoute][]) {
    const source = path.replace(/\{(\w+)\}/g, `(?<$1>[^/]{1,${PART_LENGTH}})`);
    const pattern = all.get(path) ?? { template: path, expression: new RegExp(`^${source}$`), routes: {} };
    pattern.routes[method] = key;
    all.set(path, pattern);
  }
  return [...all.values()];
}

const PATTERNS = patterns();

/** The place a path leads to; `undefined` when there is none. */
export function placeOf(path: string): Place | undefined {
  for (const { template, expression, routes } of PATTERNS) {
    const match = expression.exec(path);
    if (match !== null) return { template, routes, parameters: { ...match.groups } };
  }
  return undefined;
}

/**
 * The route a method has at a place.
 *
 * @throws Problem `not-found` without a place, `method-not-allowed` when the place has other methods only
 */
export function routeAt(place: Place | undefined, method: string): ApiRouteKey {
  if (place === undefined) throw new Problem("not-found", "There is no such route.");
  const key = Object.hasOwn(place.routes, method) ? place.routes[method] : undefined;
  if (key !== undefined) return key;
  const Allow = [...Object.keys(place.routes), "OPTIONS"].join(", ");
  throw new Problem("method-not-allowed", `Methods of this route: ${Allow}.`, { headers: { Allow } });
}
