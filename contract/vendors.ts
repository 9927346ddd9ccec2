/** The two news vendors, used as `Vendor` dimension, secret name and breaker key. */
export const VENDORS = ["tiingo", "finnhub"] as const;

/** One of {@link VENDORS}. */
export type Vendor = (typeof VENDORS)[number];

/**
 * What each vendor's plan allows: `limit` calls in every window of `windowSeconds`, counted from the epoch.
 * Ingestion stops at 80 % and emits `VendorSkipped` (D37).
 */
export const VENDOR_QUOTAS = {
  tiingo: { limit: 500, windowSeconds: 3600 },
  finnhub: { limit: 60, windowSeconds: 60 },
} as const satisfies Record<Vendor, { readonly limit: number; readonly windowSeconds: number }>;
