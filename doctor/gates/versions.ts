import { GetFunctionConfigurationCommand, LambdaClient, ListTagsCommand } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import { DEPLOYMENT_TAG } from "../../contract/deployment";
import type { Environment } from "../../contract/names";
import { functionName, SERVICE_KEYS } from "../../contract/services";
import { clientOptions } from "../aws/client-options";
import { awsFault } from "../aws/trouble";
import type { Finding } from "./finding";

/** What each function says it is: by its tag and by its variable; null when it says nothing. */
export const VERSIONS = v.array(
  v.object({
    FunctionName: v.string(),
    Tag: v.nullable(v.string()),
    Variable: v.nullable(v.string()),
    /** Why Lambda does not show the variables; absent when it does. */
    Unreadable: v.optional(v.string()),
  }),
);

/** See {@link VERSIONS}. */
export type DeployedVersion = v.InferOutput<typeof VERSIONS>[number];

/** Minutes a deployment may be under way before mixed versions are a failure. */
export const SKEW_MINUTES = 15;

/** Asks Lambda what every function says it is. @throws InputError when it does not answer */
export async function versionsOf(
  environment: Environment,
  region: string | undefined,
): Promise<DeployedVersion[]> {
  const client = new LambdaClient(clientOptions(region));
  const found: DeployedVersion[] = [];
  try {
    for (const service of SERVICE_KEYS) {
      const subject = functionName(environment, service);
      let action = "lambda:GetFunctionConfiguration";
      try {
        const { FunctionArn, Environment } = await client.send(
          new GetFunctionConfigurationCommand({ FunctionName: subject }),
        );
        action = "lambda:ListTags";
        const { Tags = {} } = await client.send(new ListTagsCommand({ Resource: FunctionArn }));
        found.push({
          FunctionName: subject,
          Tag: Tags[DEPLOYMENT_TAG] ?? null,
          Variable: Environment?.Variables?.["DEPLOYMENT_VERSION"] ?? null,
          ...(Environment?.Error === undefined
            ? {}
            : { Unreadable: Environment.Error.ErrorCode ?? "no reason given" }),
        });
      } catch (error) {
        throw awsFault(error, { action, subject, region });
      }
    }
    return found;
  } finally {
    client.destroy();
  }
}

/** Whether all functions are the same version, by tag and variable, and the one expected if one is. */
export function areOne(versions: readonly DeployedVersion[], expected: string | undefined): boolean {
  const told = new Set(versions.flatMap(({ Tag, Variable }) => [Tag, Variable]));
  if (expected !== undefined) told.add(expected);
  return versions.length > 0 && told.size === 1 && !told.has(null);
}

/**
 * [AWS] DEP-5: doctor/gates/versions.ts
 *
 * Judges whether every function of an environment is there and runs the same deployment.
 *
 * @param expected the version that was deployed; absent when any will do
 */
export function judgeVersions(
  environment: Environment,
  versions: readonly DeployedVersion[],
  expected: string | undefined,
): readonly Finding[] {
  const tags = versions.flatMap(({ Tag }) => Tag ?? []);
  const commonest = expected ?? [...tags].sort((a, b) => count(tags, b) - count(tags, a))[0];
  return SERVICE_KEYS.map((service) => {
    const name = functionName(environment, service);
    const one = versions.find(({ FunctionName }) => FunctionName === name);
    const wanted = commonest ?? "a version";
    if (one === undefined)
      return {
        what: name,
        found: "nothing",
        expected: wanted,
        verdict: "undecided",
        nextStep: "record again: the recording does not tell of this function",
      };
    if (one.Unreadable !== undefined && one.Tag === commonest)
      return {
        what: name,
        found: `${DEPLOYMENT_TAG} ${one.Tag ?? "absent"}, variables that cannot be read (${one.Unreadable})`,
        expected: wanted,
        verdict: "undecided",
        nextStep: "allow kms:Decrypt on the function's key to whoever runs this",
      };
    const good = commonest !== undefined && one.Tag === commonest && one.Variable === commonest;
    return {
      what: name,
      found: `${DEPLOYMENT_TAG} ${one.Tag ?? "absent"}, DEPLOYMENT_VERSION ${one.Variable ?? "absent"}`,
      expected: wanted,
      verdict: good ? "passed" : "failed",
      nextStep: "apply again with one deployment_version; somebody may have deployed this function by hand",
    };
  });
}

function count(all: readonly string[], one: string): number {
  return all.filter((other) => other === one).length;
}
