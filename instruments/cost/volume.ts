import { ofType, type Resource, type TerraformModel, text } from "../../policies/terraform/model";
import { triggersOf } from "../../policies/terraform/triggers";
import { InputError } from "../terraform-file";
import type { Traffic } from "./traffic";

/** Bytes a run logs unless a traffic file says otherwise: Lambda's three JSON lines and a few of the function's own. */
export const LOG_BYTES_PER_REQUEST = 2000;

const DAY_SECONDS = 86_400;

/** How much one function runs. */
export interface FunctionVolume {
  readonly fn: Resource;
  /** Lambda name. */
  readonly name: string;
  readonly requestsPerMonth: number;
  readonly logBytesPerMonth: number;
  /** False when only topics or queues start it: its traces began elsewhere. */
  readonly startsTraces: boolean;
  /** Where the figure comes from. */
  readonly basis: "traffic" | "schedules" | "nothing";
}

function runs(terraform: TerraformModel, fn: Resource, days: number): number {
  return triggersOf(terraform, fn)
    .filter((one) => one.enabled && one.everySeconds !== undefined)
    .reduce((sum, one) => sum + (days * DAY_SECONDS) / (one.everySeconds as number), 0);
}

/**
 * How much every function of a file runs and logs.
 *
 * @throws InputError when traffic names a function the file does not have
 */
export function volumes(terraform: TerraformModel, traffic: Traffic): readonly FunctionVolume[] {
  const functions = ofType(terraform, "aws_lambda_function");
  const names = functions.map((fn) => text(fn, "function_name") ?? fn.address);
  const unknown = Object.keys(traffic.functions).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new InputError(
      `functions.${unknown}`,
      "a function this file does not have",
      `one of ${names.join(", ") || "none"}`,
      "use the Lambda name",
    );
  }
  return functions.map((fn, i) => {
    const name = names[i] as string;
    const given = traffic.functions[name];
    const scheduled = runs(terraform, fn, traffic.daysPerMonth);
    const requestsPerMonth = given?.requestsPerMonth ?? scheduled;
    const kinds = triggersOf(terraform, fn).map((one) => one.kind);
    return {
      fn,
      name,
      requestsPerMonth,
      logBytesPerMonth: requestsPerMonth * (given?.logBytesPerRequest ?? LOG_BYTES_PER_REQUEST),
      startsTraces: kinds.length === 0 || kinds.some((kind) => kind !== "topic" && kind !== "queue"),
      basis: given?.requestsPerMonth !== undefined ? "traffic" : scheduled > 0 ? "schedules" : "nothing",
    };
  });
}
