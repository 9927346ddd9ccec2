import { HEADERS } from "./headers";
import { type Environment, physicalName } from "./names";

/** Who may call a route: anybody, or whoever sends a bearer token (application §6). */
export type RouteAccess = "public" | "bearer";

/** One route of the dashboard's API. */
export interface ApiRoute {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path below the stage; `{name}` is a parameter. */
  readonly path: string;
  readonly access: RouteAccess;
  /** One sentence for docs and problem reports. */
  readonly purpose: string;
}

/** Every route of the API (application §6); keys name handlers. */
export const API_ROUTES = {
  health: { method: "GET", path: "/health", access: "public", purpose: "Whether the API reaches its data." },
  runtime: {
    method: "GET",
    path: "/api/v2/runtime",
    access: "public",
    purpose: "Where the stream is, and how a page reports its own performance.",
  },
  createSession: {
    method: "POST",
    path: "/api/v2/auth/anonymous",
    access: "public",
    purpose: "Starts an anonymous session.",
  },
  metrics: {
    method: "GET",
    path: "/api/v2/metrics",
    access: "bearer",
    purpose: "Counts, rates and the latest articles of a while.",
  },
  articles: {
    method: "GET",
    path: "/api/v2/articles",
    access: "bearer",
    purpose: "Recent articles by ticker and sentiment.",
  },
  timeseries: {
    method: "GET",
    path: "/api/v2/timeseries/{ticker}",
    access: "public",
    purpose: "Sentiment of a ticker over time.",
  },
  listConfigurations: {
    method: "GET",
    path: "/api/v2/configurations",
    access: "bearer",
    purpose: "The user's configurations.",
  },
  createConfiguration: {
    method: "POST",
    path: "/api/v2/configurations",
    access: "bearer",
    purpose: "Starts to watch some tickers.",
  },
  updateConfiguration: {
    method: "PATCH",
    path: "/api/v2/configurations/{id}",
    access: "bearer",
    purpose: "Changes the name or the tickers of a configuration.",
  },
  deleteConfiguration: {
    method: "DELETE",
    path: "/api/v2/configurations/{id}",
    access: "bearer",
    purpose: "Ends a configuration.",
  },
  listAlerts: {
    method: "GET",
    path: "/api/v2/alerts",
    access: "bearer",
    purpose: "The user's alert rules.",
  },
  createAlert: {
    method: "POST",
    path: "/api/v2/alerts",
    access: "bearer",
    purpose: "Asks for a mail when a ticker crosses a threshold.",
  },
} as const satisfies Record<string, ApiRoute>;

/** Key of {@link API_ROUTES}. */
export type ApiRouteKey = keyof typeof API_ROUTES;

/** How the gateway serves the API. */
export const API = {
  /** Name of the stage, first part of every path of the gateway's own address. */
  stage: "v1",
  /** Requests per second over all clients, and how many may come at once. */
  throttle: { ratePerSecond: 100, burst: 200 },
  /** Bytes of a request's body; anything longer is refused before it is parsed. */
  bodyBytes: 16 * 1024,
  /** Seconds an answer with 429 asks a client to wait. */
  retryAfterSeconds: 30,
} as const;

/** The name of the API in API Gateway, the `ApiName` dimension of its metrics. */
export function apiName(environment: Environment): string {
  return physicalName(environment, "api");
}

/** The name under which the gateway appears in X-Ray, and by which it asks sampling rules (D36). */
export function apiTraceName(environment: Environment): string {
  return `${apiName(environment)}/${API.stage}`;
}

/** What one user may have (application §2.1). */
export const USER_LIMITS = {
  configurations: 2,
  tickersPerConfiguration: 5,
  configurationNameLength: 50,
  alerts: 10,
  /** Seconds an anonymous session lasts. */
  sessionSeconds: 30 * 86_400,
} as const;

/** What browsers of another origin may send to the API and read from it (FE-1, FE-2). No cookies: access is by token. */
export const API_CORS = {
  methods: ["GET", "POST", "PATCH", "DELETE", "OPTIONS"],
  requestHeaders: [HEADERS.traceId, "authorization", "content-type", "accept", "cache-control"],
  responseHeaders: [HEADERS.traceId, "retry-after"],
  /** Seconds a browser may remember the answer. */
  maxAgeSeconds: 7200,
} as const;
