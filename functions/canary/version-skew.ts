import { type LambdaClient, ListTagsCommand } from "@aws-sdk/client-lambda";
import { functionArn } from "../../contract/canary";
import { DEPLOYMENT_TAG } from "../../contract/deployment";
import type { Environment, Owner } from "../../contract/names";
import { SERVICE_KEYS } from "../../contract/services";

/** The versions that are deployed, or why that could not be told. */
export type VersionFinding = { readonly versions: readonly string[] } | { readonly error: unknown };

/** Reads which versions the functions are tagged with; all should be one (DEP-5). Never throws. */
export async function checkVersions(
  lambda: LambdaClient,
  owner: Owner & { readonly region: string },
  environment: Environment,
): Promise<VersionFinding> {
  try {
    const tags = await Promise.all(
      SERVICE_KEYS.map(async (service) => {
        const Resource = functionArn(owner, environment, service);
        const { Tags = {} } = await lambda.send(new ListTagsCommand({ Resource }));
        return Tags[DEPLOYMENT_TAG] ?? "untagged";
      }),
    );
    return { versions: [...new Set(tags)].sort() };
  } catch (error) {
    return { error };
  }
}
