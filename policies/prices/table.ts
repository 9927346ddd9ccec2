/** What is billed. */
export type Item =
  | "alarm-metric"
  | "alarm-metric-high-resolution"
  | "alarm-composite"
  | "custom-metric"
  | "dashboard"
  | "log-gigabyte-ingested"
  | "log-gigabyte-month-stored"
  | "trace-recorded"
  | "trace-insights"
  | "rum-event"
  | "canary-run"
  | "key-month"
  | "secret-month";

/** A price and where it was read. */
export interface Price {
  /** USD per unit of the item. */
  readonly usd: number;
  /** Units a month that cost nothing, per account. */
  readonly free: number;
  /** Name of the bill's service. */
  readonly service:
    | "CloudWatch alarms"
    | "CloudWatch metrics"
    | "CloudWatch dashboards"
    | "CloudWatch Logs"
    | "X-Ray"
    | "CloudWatch RUM"
    | "CloudWatch Synthetics"
    | "KMS"
    | "Secrets Manager";
  /** AWS pricing page. */
  readonly source: string;
  /** True when the figure is likely but not certain. */
  readonly unverified?: true;
}

/**
 * When the table was written, YYYY-MM-DD: AWS's published list prices as known then. The pages themselves were out of
 * reach; compare with them before a budget depends on a cent.
 */
export const PRICES_AS_OF = "2026-11-21";

const CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/";
const XRAY = "https://aws.amazon.com/xray/pricing/";

/** Prices that are the same in every region of the table. */
const EVERYWHERE = {
  "alarm-metric": { usd: 0.1, free: 10, service: "CloudWatch alarms", source: CLOUDWATCH },
  "alarm-metric-high-resolution": { usd: 0.3, free: 0, service: "CloudWatch alarms", source: CLOUDWATCH },
  "alarm-composite": { usd: 0.5, free: 0, service: "CloudWatch alarms", source: CLOUDWATCH },
  "custom-metric": { usd: 0.3, free: 10, service: "CloudWatch metrics", source: CLOUDWATCH },
  dashboard: { usd: 3, free: 3, service: "CloudWatch dashboards", source: CLOUDWATCH },
  "log-gigabyte-month-stored": { usd: 0.03, free: 0, service: "CloudWatch Logs", source: CLOUDWATCH },
  "trace-recorded": { usd: 5 / 1e6, free: 100_000, service: "X-Ray", source: XRAY },
  "trace-insights": { usd: 1 / 1e6, free: 0, service: "X-Ray", source: XRAY, unverified: true },
  "rum-event": { usd: 1 / 1e5, free: 0, service: "CloudWatch RUM", source: CLOUDWATCH },
  "canary-run": {
    usd: 0.0012,
    free: 100,
    service: "CloudWatch Synthetics",
    source: CLOUDWATCH,
    unverified: true,
  },
  "key-month": { usd: 1, free: 0, service: "KMS", source: "https://aws.amazon.com/kms/pricing/" },
  "secret-month": {
    usd: 0.4,
    free: 0,
    service: "Secrets Manager",
    source: "https://aws.amazon.com/secrets-manager/pricing/",
  },
} as const satisfies Partial<Record<Item, Price>>;

/** USD per gigabyte of standard logs, which differs by region. */
const LOG_INGESTION: Readonly<Record<string, { readonly usd: number; readonly unverified?: true }>> = {
  "us-east-1": { usd: 0.5 },
  "us-east-2": { usd: 0.5 },
  "us-west-2": { usd: 0.5 },
  "eu-west-1": { usd: 0.57 },
  "eu-west-2": { usd: 0.5985, unverified: true },
  "eu-central-1": { usd: 0.63, unverified: true },
};

/** Regions with prices. */
export const PRICED_REGIONS = Object.keys(LOG_INGESTION);

/** The prices of a region; `undefined` for one that is not in the table. */
export function pricesOf(region: string): Readonly<Record<Item, Price>> | undefined {
  const ingestion = LOG_INGESTION[region];
  if (ingestion === undefined) return undefined;
  return {
    ...EVERYWHERE,
    "log-gigabyte-ingested": { ...ingestion, free: 5, service: "CloudWatch Logs", source: CLOUDWATCH },
  };
}
