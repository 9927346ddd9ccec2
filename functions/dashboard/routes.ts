import type { API_ROUTES, ApiRouteKey } from "../../contract/api";
import { createAlert, listAlerts } from "./alerts";
import type { Answer } from "./answer";
import { articles } from "./articles";
import type { Call, RouteHandler, UserCall } from "./call";
import {
  createConfiguration,
  deleteConfiguration,
  listConfigurations,
  updateConfiguration,
} from "./configurations";
import { health } from "./health";
import { readQuery } from "./input";
import { metrics } from "./metrics";
import { pageSettings } from "./page-settings";
import { createSession } from "./session";
import { timeseries } from "./timeseries";
import { userOf } from "./user";

/** Keys of the routes of one access. */
type RoutesOf<Access> = {
  [K in ApiRouteKey]: (typeof API_ROUTES)[K]["access"] extends Access ? K : never;
}[ApiRouteKey];

const PUBLIC: Readonly<Record<RoutesOf<"public">, RouteHandler<Call>>> = {
  health,
  runtime: pageSettings,
  createSession,
  timeseries,
};

const BEARER: Readonly<Record<RoutesOf<"bearer">, RouteHandler<UserCall>>> = {
  metrics,
  articles,
  listConfigurations,
  createConfiguration,
  updateConfiguration,
  deleteConfiguration,
  listAlerts,
  createAlert,
};

function isPublic(key: ApiRouteKey): key is RoutesOf<"public"> {
  return Object.hasOwn(PUBLIC, key);
}

/** Routes that read a query; parameters of the others are a mistake of the client's. */
const WITH_QUERY: readonly ApiRouteKey[] = ["metrics", "articles", "timeseries"];

function refuseQuery(key: ApiRouteKey, { request }: Call): void {
  if (!WITH_QUERY.includes(key)) readQuery(request, {});
}

/**
 * Answers a request of a route, after its sender is known where the contract wants a bearer.
 *
 * @throws Problem for requests that cannot be answered; whatever AWS answers
 */
export async function answerTo(key: ApiRouteKey, call: Call): Promise<Answer> {
  if (isPublic(key)) {
    refuseQuery(key, call);
    return PUBLIC[key](call);
  }
  const user = await userOf(call.request.headers.get("authorization"));
  refuseQuery(key, call);
  return BEARER[key]({ ...call, user });
}
