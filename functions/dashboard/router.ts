import { TrieRouter } from "hono/router/trie-router";
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

/** What the router keeps for each path of the contract. */
type Entry = Pick<Place, "template" | "routes">;

/** Longer parts of a path are nobody's id and no ticker. */
const PART_LENGTH = 128;

/** Matches by path alone: which methods a path has is told to a client that uses another. */
const ANY = "ALL";

function routerOfContract(): TrieRouter<Entry> {
  const router = new TrieRouter<Entry>();
  const routes = Object.entries(API_ROUTES) as [ApiRouteKey, ApiRoute][];
  for (const template of new Set(routes.map(([, { path }]) => path))) {
    const here = routes.filter(([, { path }]) => path === template);
    const entry = { template, routes: Object.fromEntries(here.map(([key, { method }]) => [method, key])) };
    router.add(ANY, template.replace(/\{(\w+)\}/g, `:$1{[^/]{1,${PART_LENGTH}}}`), entry);
  }
  return router;
}

const ROUTER = routerOfContract();

/** The place a path leads to; `undefined` when there is none. */
export function placeOf(path: string): Place | undefined {
  const [[found] = []] = ROUTER.match(ANY, path);
  if (found === undefined) return undefined;
  const [entry, parameters] = found;
  // Other routers of the same interface give positions instead of texts.
  const texts = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
  return { ...entry, parameters: Object.fromEntries(texts) };
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
