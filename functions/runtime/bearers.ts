import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { bearerOf, TokenError } from "./access-token";
import { SecretValues } from "./secret-values";

/** Who a bearer token stands for. */
export interface Bearer {
  /** The user's id, part of the keys of the user's rows. */
  readonly id: string;
  /** When an anonymous session ends, in seconds since 1970; `undefined` for users who stay. */
  readonly expires: number | undefined;
}

/** What {@link Bearers} checks tokens with. */
export interface BearerSources {
  readonly audience: string;
  /** ARN of the secret with the key of the tokens. */
  readonly secretArn: string;
  readonly secrets: () => SecretsManagerClient;
  /** Reads the row of a user's profile, consistently: a session that was made a moment ago counts. */
  readonly profile: (id: string) => Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** Milliseconds between two looks at the secret because of a signature that does not fit. */
const RENEWAL_MS = 60_000;

/** Key of the row that makes an id a user. */
export function profileKey(id: string): { readonly PK: string; readonly SK: string } {
  return { PK: `USER#${id}`, SK: "PROFILE" };
}

/** Finds out whom bearer tokens stand for; one per process (D19). */
export class Bearers {
  readonly #sources: BearerSources;
  readonly #signingKeys: SecretValues;
  #renewedAt = 0;

  constructor(sources: BearerSources) {
    this.#sources = sources;
    this.#signingKeys = new SecretValues(sources.secrets, "signing_key");
  }

  /**
   * Whom an `Authorization` header stands for. Once a minute a signature that does not fit is checked against the
   * secret as it is now.
   *
   * @throws TokenError when it stands for nobody; whatever the secret or the profile's table answer
   */
  async of(authorization: string | undefined): Promise<Bearer> {
    try {
      return await this.#check(authorization);
    } catch (error) {
      const rotated = error instanceof TokenError && error.signature === "wrong";
      if (!rotated || Date.now() - this.#renewedAt < RENEWAL_MS) throw error;
      this.#renewedAt = Date.now();
      this.#signingKeys.forget(this.#sources.secretArn);
      return this.#check(authorization);
    }
  }

  async #check(authorization: string | undefined): Promise<Bearer> {
    const { audience, secretArn, profile } = this.#sources;
    let expires: number | undefined;
    const id = await bearerOf(authorization, {
      audience,
      signingKey: () => this.#signingKeys.read(secretArn),
      isSession: async (session) => {
        // Users who stay have no expiry, and their id is no secret; DynamoDB removes expired rows within days, not at once.
        const end: unknown = (await profile(session))?.["ttl_timestamp"];
        expires = typeof end === "number" ? end : undefined;
        return expires !== undefined && expires * 1000 > Date.now();
      },
    });
    return { id, expires };
  }
}
