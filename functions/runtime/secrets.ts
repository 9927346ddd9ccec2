import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { secretsManager } from "./clients";

/** How long a key is kept, milliseconds: each fetch is a billed KMS call, and keys rotate by the day. */
const KEEP_MS = 24 * 3600 * 1000;

const cache = new Map<string, { readonly key: string; readonly expires: number }>();

/**
 * The API key in a Secrets Manager secret of the form `{"api_key": string}`, cached in memory for 24 hours.
 *
 * @throws Error when the secret cannot be read or has another form; its value is never part of the message
 */
export async function apiKey(secretArn: string, now: number = Date.now()): Promise<string> {
  const cached = cache.get(secretArn);
  if (cached !== undefined && cached.expires > now) return cached.key;
  const { SecretString } = await secretsManager().send(new GetSecretValueCommand({ SecretId: secretArn }));
  const key = parseKey(SecretString);
  if (key === undefined) {
    throw new Error(`Secret ${secretArn} is not of the form {"api_key": "…"}; put the vendor's key there.`);
  }
  cache.set(secretArn, { key, expires: now + KEEP_MS });
  return key;
}

/** Drops a cached key, so that the next run reads the secret again; for a key its vendor has refused. */
export function forgetApiKey(secretArn: string): void {
  cache.delete(secretArn);
}

function parseKey(secret: string | undefined): string | undefined {
  try {
    const parsed: unknown = JSON.parse(secret ?? "");
    if (typeof parsed !== "object" || parsed === null || !("api_key" in parsed)) return undefined;
    return typeof parsed.api_key === "string" && parsed.api_key !== "" ? parsed.api_key : undefined;
  } catch {
    // JSON.parse quotes its input in the message, and the input is the secret.
    return undefined;
  }
}
