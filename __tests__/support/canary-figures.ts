import type { AwsCall } from "../../lab/runtime/aws-gateway";
import { BACKUP_REGION, HOME_REGION, type Ran } from "./canary-lab";
import { batches } from "./observed";

/** Region a call was signed for. */
export function regionOf({ headers }: Pick<AwsCall, "headers">): string {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(String(headers["authorization"]))?.[1] ?? "";
}

/** Calls of one operation in one region. */
export function callsOf({ calls }: Ran, operation: string, region = HOME_REGION): readonly AwsCall[] {
  return calls.filter((call) => call.operation === operation && regionOf(call) === region);
}

/** What a run told about itself in the metrics CloudWatch took: values of the series of `Component=Canary`, by name. */
export function figures(ran: Ran): Readonly<Record<string, number>> {
  const accepted = callsOf(ran, "PutMetricData").filter(({ status }) => status === 200);
  const own = batches(accepted)
    .flat()
    .filter(({ dimensions }) => dimensions["Component"] === "Canary");
  return Object.fromEntries(own.map(({ name, value }) => [name, value]));
}

/** What a run told about other functions: values of a series by function name. */
export function figuresByFunction(ran: Ran, name: string): Readonly<Record<string, number>> {
  const own = batches(callsOf(ran, "PutMetricData"))
    .flat()
    .filter((datum) => datum.name === name);
  return Object.fromEntries(own.map(({ dimensions, value }) => [dimensions["FunctionName"], value]));
}

/** Heartbeats written to the backup region, taken or not. */
export function heartbeats(ran: Ran): number {
  return callsOf(ran, "PutMetricData", BACKUP_REGION).length;
}
