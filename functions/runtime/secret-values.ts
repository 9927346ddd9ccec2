import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** How long a value is kept, milliseconds: each fetch is a billed KMS call, and secrets rotate by the day. */
const KEEP_MS = 24 * 3600 * 1000;

/** Values of secrets that are JSON objects, one field of each, cached in memory for 24 hours. */
export class SecretValues {
  readonly #client: () => SecretsManagerClient;
  readonly #field: string;
  readonly #cache = new Map<string, { readonly value: string; readonly expires: number }>();

  /** @param field key of the JSON object, for example `api_key` */
  constructor(client: () => SecretsManagerClient, field: string) {
    this.#client = client;
    this.#field = field;
  }

  /**
   * The field's value.
   *
   * @throws Error when the secret cannot be read or has another form; its value is never part of the message
   */
  async read(secretArn: string, now: number = Date.now()): Promise<string> {
    const cached = this.#cache.get(secretArn);
    if (cached !== undefined && cached.expires > now) return cached.value;
    const { SecretString } = await this.#client().send(new GetSecretValueCommand({ SecretId: secretArn }));
    const value = this.#parse(SecretString);
    if (value === undefined) {
      throw new Error(`Secret ${secretArn} is not of the form {"${this.#field}": "…"}; put its value there.`);
    }
    this.#cache.set(secretArn, { value, expires: now + KEEP_MS });
    return value;
  }

  /** Drops a cached value, so that the next run reads the secret again; for one that was refused. */
  forget(secretArn: string): void {
    this.#cache.delete(secretArn);
  }

  #parse(secret: string | undefined): string | undefined {
    try {
      const parsed: unknown = JSON.parse(secret ?? "");
      if (typeof parsed !== "object" || parsed === null) return undefined;
      const value: unknown = (parsed as Record<string, unknown>)[this.#field];
      return typeof value === "string" && value !== "" ? value : undefined;
    } catch {
      // JSON.parse quotes its input in the message, and the input is the secret.
      return undefined;
    }
  }
}
