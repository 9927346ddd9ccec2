import type { Environment } from "./names";
import { VENDORS } from "./vendors";

/**
 * Secrets the application reads, put there by hand, never by Terraform: a news vendor's or the mail provider's key, or
 * with `access-tokens` the HS256 key of the access tokens of users. Each is JSON with one field, {@link secretField}.
 */
export const SECRETS = [...VENDORS, "sendgrid", "access-tokens"] as const;

/** One of {@link SECRETS}. */
export type SecretKey = (typeof SECRETS)[number];

/** The one field of a secret's JSON. */
export function secretField(secret: SecretKey): "api_key" | "signing_key" {
  return secret === "access-tokens" ? "signing_key" : "api_key";
}

/** The Secrets Manager name of a secret. */
export function secretName(environment: Environment, secret: SecretKey): string {
  return `${environment}/sentiment-analyzer/${secret}`;
}
