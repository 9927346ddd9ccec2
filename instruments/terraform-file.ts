import { readFileSync, statSync } from "node:fs";
import { completed } from "../policies/terraform/completed";
import { isObject, type TerraformModel } from "../policies/terraform/model";
import { fromPlan } from "../policies/terraform/plan";
import { fromState } from "../policies/terraform/state";
import { fromSynthesized } from "../policies/terraform/synthesized";

/** The largest file that is read, bytes: 128 MiB. A parsed plan takes about ten times its size in memory. */
export const MAX_FILE_BYTES = 128 * 1024 * 1024;

const MAKE_ONE = "terraform plan -out=p && terraform show -json p > plan.json";

/** A file that cannot be used; the message names the file and place, what was found, what was expected, and the next step. */
export class InputError extends Error {
  override readonly name = "InputError";

  constructor(
    readonly place: string,
    readonly found: string,
    readonly expected: string,
    readonly nextStep: string,
  ) {
    super(`${place}: found ${found}; expected ${expected}. Next step: ${nextStep}.`);
  }
}

/** Line and column of an offset, 1-based. */
function lineAndColumn(source: string, offset: number): string {
  const before = source.slice(0, offset).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function placeOf(error: unknown, source: string): string {
  const message = error instanceof Error ? error.message : "";
  const position = /position (\d+)/.exec(message)?.[1];
  const offset = position === undefined ? source.length : Number(position);
  return lineAndColumn(source, offset);
}

/**
 * Reads a JSON file.
 *
 * @throws InputError when it is missing, larger than {@link MAX_FILE_BYTES}, empty, or not JSON; with line and column
 */
export function readJson(file: string, expected: string, nextStep: string): unknown {
  let source: string;
  try {
    const { size } = statSync(file);
    if (size > MAX_FILE_BYTES) {
      const mebibytes = Math.round(size / 1024 / 1024);
      throw new InputError(
        file,
        `${mebibytes} MiB`,
        `at most ${MAX_FILE_BYTES / 1024 / 1024} MiB`,
        "plan one module at a time with -target, or split the configuration",
      );
    }
    source = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError(file, code === "ENOENT" ? "no such file" : String(code), expected, nextStep);
  }
  try {
    return JSON.parse(source);
  } catch (error) {
    const found =
      source.trim() === "" ? "an empty file" : `text that is not JSON at ${placeOf(error, source)}`;
    throw new InputError(file, found, expected, nextStep);
  }
}

const EXPECTED = "Terraform JSON: `terraform show -json` of a plan or a state, or a synthesized cdk.tf.json";

/**
 * Tells a plan, a state and a configuration apart and reads it.
 *
 * @param file named in messages
 * @throws InputError on an unknown shape or format version, an errored plan, or a file without any AWS resource
 */
export function terraformModel(parsed: unknown, file: string): TerraformModel {
  if (!isObject(parsed)) throw new InputError(file, "no JSON object", EXPECTED, MAKE_ONE);
  const version = parsed["format_version"];
  if (version !== undefined && !/^1\.\d+$/.test(String(version))) {
    const found = `format_version ${JSON.stringify(version)?.slice(0, 40)}`;
    throw new InputError(file, found, "format_version 1.x, as Terraform 1.x writes it", MAKE_ONE);
  }
  const model = shaped(parsed, file, version !== undefined);
  if (!model.resources.some((one) => one.type.startsWith("aws_"))) {
    const types = [...new Set(model.resources.map((one) => one.type))].sort().slice(0, 5);
    const found =
      types.length === 0 ? "no resource" : `only resources of other providers (${types.join(", ")})`;
    throw new InputError(
      file,
      found,
      "at least one AWS resource",
      "give the plan of the stack with the alarms",
    );
  }
  return model;
}

function shaped(parsed: Readonly<Record<string, unknown>>, file: string, versioned: boolean): TerraformModel {
  if (parsed["errored"] === true) {
    throw new InputError(
      file,
      "a plan that ended with errors",
      "a complete plan",
      "correct the errors and plan again",
    );
  }
  if (Array.isArray(parsed["resource_changes"]) || (versioned && parsed["planned_values"] !== undefined)) {
    return fromPlan(parsed);
  }
  if (versioned && isObject(parsed["values"])) return fromState(parsed);
  if (versioned && parsed["values"] === undefined) {
    throw new InputError(file, "a state without values", "a state with resources", MAKE_ONE);
  }
  if (isObject(parsed["resource"])) return fromSynthesized(parsed);
  if (typeof parsed["version"] === "number" && Array.isArray(parsed["resources"])) {
    throw new InputError(file, "a raw state file", EXPECTED, "terraform show -json > state.json");
  }
  const keys = Object.keys(parsed).slice(0, 5).join(", ");
  throw new InputError(file, `an object with ${keys === "" ? "no keys" : keys}`, EXPECTED, MAKE_ONE);
}

/**
 * Reads a Terraform JSON file.
 *
 * @param configuration the JSON configuration the plan was made from, to complete what the plan leaves to apply
 * @throws InputError as {@link readJson} and {@link terraformModel} do, and when `configuration` is none
 */
export function readTerraform(file: string, configuration?: string): TerraformModel {
  const model = terraformModel(readJson(file, EXPECTED, MAKE_ONE), file);
  if (configuration === undefined) return model;
  const written = terraformModel(readJson(configuration, EXPECTED, MAKE_ONE), configuration);
  if (written.source !== "configuration") {
    throw new InputError(
      configuration,
      `a ${written.source}`,
      "a JSON configuration such as cdk.tf.json",
      "npm run synth",
    );
  }
  return completed(model, written);
}
