/** The environments this suite can synthesize; each becomes one Terraform stack. */
export const ENVIRONMENTS = ["dev", "preprod", "prod"] as const;

/** One of {@link ENVIRONMENTS}. */
export type Environment = (typeof ENVIRONMENTS)[number];

/** The product all physical names share: `{environment}-sentiment-{noun}`. */
export const PRODUCT = "sentiment";

/**
 * The physical AWS name of anything this suite creates.
 *
 * @param environment deployment environment, always the first part so that names sort by it
 * @param noun what the thing is, for example `ingestion` or `analysis-dlq`
 * @returns for example `dev-sentiment-ingestion`
 */
export function physicalName(environment: Environment, noun: string): string {
  return `${environment}-${PRODUCT}-${noun}`;
}

/** The AWS account something belongs to; part of its ARN. */
export interface Owner {
  readonly accountId: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
}
