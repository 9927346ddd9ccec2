import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../contract/names";
import { isObject } from "../policies/terraform/model";

/** A command line of `tracewright` that judges a plan, and what it is called. */
export interface Judgement {
  readonly title: "check" | "rehearse" | "cost";
  readonly args: readonly string[];
}

/** The tier a synthesized stack says it pays for. */
function tierOf(configuration: string): string {
  const parsed: unknown = JSON.parse(readFileSync(configuration, "utf8"));
  const outputs = isObject(parsed) ? parsed["output"] : undefined;
  const tier = isObject(outputs) ? outputs["alarm_tier"] : undefined;
  return isObject(tier) ? String(tier["value"]) : "full";
}

/**
 * How the plan `npm run plan` made of an environment is judged.
 *
 * @throws Error when the environment was not synthesized
 */
export function judgementsOf(environment: Environment): readonly Judgement[] {
  const planned = join("build", "plan", environment);
  const configuration = join("cdktf.out", "stacks", environment, "cdk.tf.json");
  const plan = join(planned, "plan.json");
  const given = [plan, "--configuration", configuration, "--knowledge", join(planned, "knowledge.json")];
  return [
    { title: "check", args: ["check", ...given] },
    { title: "rehearse", args: ["rehearse", ...given, "--tier", tierOf(configuration)] },
    { title: "cost", args: ["cost", ...given] },
  ];
}
