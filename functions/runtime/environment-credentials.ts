/** The part of the SDK's credential type that Lambda fills. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/**
 * Stands in for the SDK's default credential chain in the bundles (an alias in `modules/function-bundle.ts`). On
 * demand Lambda puts a role's credentials into the environment and nowhere else; the chain's other links (profiles,
 * SSO, STS, instance metadata) would be a quarter of each bundle and of its start-up time.
 *
 * @returns a provider that throws Error when the environment has no credentials
 */
export function defaultProvider(): () => Promise<Credentials> {
  return async () => {
    const accessKeyId = process.env["AWS_ACCESS_KEY_ID"];
    const secretAccessKey = process.env["AWS_SECRET_ACCESS_KEY"];
    if (!accessKeyId || !secretAccessKey) {
      throw new Error(
        "No AWS credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set. " +
          "Lambda sets them from the function's role; set them yourself anywhere else.",
      );
    }
    return { accessKeyId, secretAccessKey, sessionToken: process.env["AWS_SESSION_TOKEN"] };
  };
}
