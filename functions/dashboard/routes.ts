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

/** Answers a request of a route, after its sender is known where the contract wants a bearer. */
export async function answerTo(key: ApiRouteKey, call: Call): Promise<Answer> {
  if (isPublic(key)) return PUBLIC[key](call);
  const user = await userOf(call.request.headers.get("authorization"));
  return BEARER[key]({ ...call, user });
}
