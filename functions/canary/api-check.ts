import { API_ROUTES, apiTraceName } from "../../contract/api";
import type { Environment } from "../../contract/names";
import { functionName } from "../../contract/services";
import { below, type Probe, probe } from "./probe";
import type { Piece, ReadTrace } from "./read-trace";

const TIMEOUT_MS = 10_000;

/** Asks the API whether it is well, which makes it read a table. @param now milliseconds since 1970 */
export async function requestApi(apiUrl: string, now: number): Promise<Probe> {
  return probe(below(apiUrl, API_ROUTES.health.path), now, TIMEOUT_MS);
}

/**
 * What the trace of such a request lacks (CAN-10): the gateway, the function, a call to DynamoDB.
 *
 * @param trace `undefined` when X-Ray does not know it
 * @returns empty when it is whole
 */
export function apiGaps(environment: Environment, trace: ReadTrace | undefined): readonly string[] {
  if (trace === undefined) return ["the whole trace"];
  if (trace.limitExceeded) return ["documents beyond X-Ray's limit"];
  const parts: readonly (readonly [string, (piece: Piece) => boolean])[] = [
    [
      "gateway",
      ({ name, origin }) => name === apiTraceName(environment) || origin.startsWith("AWS::ApiGateway"),
    ],
    ["function", ({ name }) => name === functionName(environment, "dashboard")],
    [
      "DynamoDB",
      ({ name, namespace, origin }) =>
        (namespace === "aws" && name === "DynamoDB") || origin.startsWith("AWS::DynamoDB"),
    ],
  ];
  return parts.filter(([, is]) => !trace.pieces.some(is)).map(([part]) => part);
}
