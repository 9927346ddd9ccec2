import { TRACING_SWITCHES } from "../../contract/kill-switch";
import type { Environment } from "../../contract/names";
import { functionName } from "../../contract/services";
import { isObject, type JsonObject } from "../../policies/terraform/model";

/** The attribute that names the image. */
const IMAGE = "image_uri";

/** What Lambda says of a function and nobody sets; a new image makes it unknown until applied. */
const TOLD_BY_LAMBDA = new Set([
  "code_sha256",
  "last_modified",
  "qualified_arn",
  "qualified_invoke_arn",
  "source_code_hash",
  "source_code_size",
  "version",
]);

/** What a plan does to one resource. */
interface Change {
  readonly address: string;
  readonly type: unknown;
  readonly actions: readonly unknown[];
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly afterUnknown: JsonObject;
}

/** How a plan stands that is to change an image and nothing else. */
export interface ImageOnly {
  /** True when the image of the streaming function changes. */
  readonly changesImage: boolean;
  /** What else the plan changes, by address and name; values, which may be secret, are left out. */
  readonly others: readonly string[];
}

const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

function changesOf(plan: JsonObject): readonly Change[] {
  const changes = Array.isArray(plan["resource_changes"]) ? plan["resource_changes"] : [];
  return changes.filter(isObject).map((one) => {
    const change = objectOf(one["change"]);
    return {
      address: String(one["address"]),
      type: one["type"],
      actions: Array.isArray(change["actions"]) ? change["actions"] : ["unreadable"],
      before: objectOf(change["before"]),
      after: objectOf(change["after"]),
      afterUnknown: objectOf(change["after_unknown"]),
    };
  });
}

/** True when any part of a value is known only after apply. */
function unknownIn(value: unknown): boolean {
  return (
    value === true || (typeof value === "object" && value !== null && Object.values(value).some(unknownIn))
  );
}

function differing(before: JsonObject, after: JsonObject): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

function variablesOf(values: JsonObject): JsonObject {
  const blocks = values["environment"];
  return objectOf(objectOf(Array.isArray(blocks) ? blocks[0] : undefined)["variables"]);
}

/** Attributes that differ; of the environment, its variables, without the switches of tracing. */
function attributesOf({ before, after, afterUnknown }: Change): readonly string[] {
  const unknown = Object.keys(afterUnknown).filter((name) => unknownIn(afterUnknown[name]));
  const known = differing(before, after).filter((name) => !unknown.includes(name));
  return [...known, ...unknown].flatMap((name) => {
    if (unknown.includes(name)) return TOLD_BY_LAMBDA.has(name) ? [] : [`${name}, known after apply`];
    if (name !== "environment") return [name];
    return differing(variablesOf(before), variablesOf(after))
      .filter((variable) => !Object.hasOwn(TRACING_SWITCHES, variable))
      .map((variable) => `environment variable ${variable}`);
  });
}

/**
 * Whether a plan changes the image of the streaming function and nothing else, as going back must (DEP-4). The switch of
 * that function's tracing may return to what it was: the kill switch comes before another image, and an apply ends it.
 *
 * @param plan parsed output of `terraform show -json` of a plan
 */
export function imageOnly(plan: JsonObject, environment: Environment): ImageOnly {
  const working = changesOf(plan).filter(
    ({ actions }) => !actions.every((action) => action === "no-op" || action === "read"),
  );
  const streaming = functionName(environment, "sse");
  const changed = working.flatMap((change) => {
    const { address, type, actions, before } = change;
    const updated = actions.length === 1 && actions[0] === "update";
    const isStreaming = type === "aws_lambda_function" && before["function_name"] === streaming;
    const names = isStreaming && updated ? attributesOf(change) : [actions.join(", ")];
    return names.map((name) => ({ address, name }));
  });
  const others = changed.filter(({ name }) => name !== IMAGE);
  return {
    changesImage: others.length < changed.length,
    others: others.map(({ address, name }) => `${address}: ${name}`),
  };
}
