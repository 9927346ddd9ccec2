import type { Environment } from "./names";
import { VENDORS } from "./vendors";

/** Secrets the application reads; JSON `{"api_key": string}`, put there by hand, never by Terraform. */
export const SECRETS = [...VENDORS] as const;

/** One of {@link SECRETS}. */
export type SecretKey = (typeof SECRETS)[number];

/** The Secrets Manager name of a secret. */
export function secretName(environment: Environment, secret: SecretKey): string {
  return `${environment}/sentiment-analyzer/${secret}`;
}
