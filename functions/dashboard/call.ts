import type { Bearer } from "../runtime/bearers";
import type { Answer } from "./answer";
import type { ApiRequest } from "./request";

/** A request that has found its route. */
export interface Call {
  readonly request: ApiRequest;
  /** Parameters of the path, as sent. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A request whose sender is known. */
export interface UserCall extends Call {
  readonly user: Bearer;
}

/** Answers the requests of one route. */
export type RouteHandler<C extends Call> = (call: C) => Promise<Answer>;
