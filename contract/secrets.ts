import type { Environment } from "./names";
import { VENDORS } from "./vendors";

/**
 * Secrets the application reads, put there by hand, never by Terraform: JSON `{"api_key": string}` for a vendor,
 * `{"signing_key": string}` for `access-tokens`, the HS256 key of the access tokens of users.
 */
export const SECRETS = [...VENDORS, "access-tokens"] as const;

/** One of {@link SECRETS}. */
export type SecretKey = (typeof SECRETS)[number];

/** The Secrets Manager name of a secret. */
export function secretName(environment: Environment, secret: SecretKey): string {
  return `${environment}/sentiment-analyzer/${secret}`;
}
