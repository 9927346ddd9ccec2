import type { SecretKey } from "../../contract/secrets";
import { VENDORS, type Vendor } from "../../contract/vendors";
import type { Runtime } from "../runtime/handler";
import { HttpError } from "../runtime/http";
import { apiKeys } from "../runtime/secrets";
import { CircuitBreaker } from "./circuit-breaker";
import { fetchVendor, type VendorNews } from "./fetch-vendor";
import { requestsTo, type VendorAccess } from "./vendor-client";

/** News of a run, and whether all of it could be had. */
export interface Collected {
  /** One entry per vendor that was asked. */
  readonly news: readonly VendorNews[];
  /** True when a vendor failed, was skipped, or has no key. */
  readonly degraded: boolean;
}

function secretArn({ config }: Runtime<"ingestion">, secret: SecretKey): string {
  return secret === "tiingo" ? config.variables.TIINGO_SECRET_ARN : config.variables.FINNHUB_SECRET_ARN;
}

function baseUrl({ config }: Runtime<"ingestion">, vendor: Vendor): string {
  return vendor === "tiingo" ? config.variables.TIINGO_BASE_URL : config.variables.FINNHUB_BASE_URL;
}

/**
 * The vendors that can be asked. One without a key is left out with a warning and a `VendorSkipped`.
 *
 * @throws AggregateError when no vendor has a key
 */
async function accessToVendors(runtime: Runtime<"ingestion">): Promise<ReadonlyMap<Vendor, VendorAccess>> {
  const keys = await Promise.allSettled(VENDORS.map((vendor) => apiKeys.read(secretArn(runtime, vendor))));
  const access = new Map<Vendor, VendorAccess>();
  const errors: unknown[] = [];
  for (const [index, vendor] of VENDORS.entries()) {
    const key = keys[index];
    if (key?.status === "fulfilled") {
      access.set(vendor, { baseUrl: baseUrl(runtime, vendor), apiKey: key.value });
      continue;
    }
    errors.push(key?.reason);
    runtime.logger.warn("vendor key missing", { vendor }, key?.reason);
    runtime.metrics.emit("VendorSkipped", 1, { Vendor: vendor });
  }
  if (access.size === 0) {
    const reasons = errors
      .map((error) => (error instanceof Error ? error.message : String(error)))
      .join("; ");
    throw new AggregateError(errors, `No vendor key could be read: ${reasons}`);
  }
  return access;
}

/**
 * Asks both vendors at once. A vendor that fails is reported as `parallel_fetcher_aggregate` after both have settled,
 * and the run goes on with the other's articles.
 *
 * @param tickers upper case, at least one
 * @param now epoch milliseconds
 * @throws AggregateError when no vendor has a key
 */
export async function collectNews(
  runtime: Runtime<"ingestion">,
  tickers: readonly string[],
  now: number,
): Promise<Collected> {
  const { silentFailures, metrics, config } = runtime;
  const table = config.variables.USERS_TABLE;
  const breakers = await Promise.all(
    VENDORS.map((vendor) => CircuitBreaker.load(vendor, table, silentFailures)),
  );
  const access = await accessToVendors(runtime);
  const asked = VENDORS.flatMap((vendor, index) => {
    const [breaker, vendorAccess] = [breakers[index], access.get(vendor)];
    return breaker && vendorAccess ? [{ vendor, breaker, vendorAccess }] : [];
  });
  const settled = await Promise.allSettled(
    asked.map(({ vendor, breaker, vendorAccess }) =>
      fetchVendor(runtime, vendor, requestsTo(vendor, vendorAccess, tickers, now), breaker),
    ),
  );
  const news = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  for (const { vendor, errors } of news) {
    if (errors.some(isRefusedKey)) apiKeys.forget(secretArn(runtime, vendor));
  }
  const rejected: unknown[] = settled.flatMap((result) =>
    result.status === "rejected" ? [result.reason] : [],
  );
  await reportFailures(runtime, [...rejected, ...news.flatMap(({ errors }) => errors)]);
  for (const { vendor, breaker } of asked) {
    metrics.emit("CircuitBreakerOpen", breaker.isOpen ? 1 : 0, { Vendor: vendor });
    await breaker.save(table, silentFailures);
  }
  const complete = news.filter(({ errors, skipped }) => errors.length === 0 && !skipped);
  return { news, degraded: complete.length < VENDORS.length };
}

function isRefusedKey(error: Error): boolean {
  return error instanceof HttpError && (error.status === 401 || error.status === 403);
}

async function reportFailures(
  { silentFailures }: Runtime<"ingestion">,
  errors: readonly unknown[],
): Promise<void> {
  const [first] = errors;
  if (first === undefined) return;
  const reasons = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  const message = `${errors.length} vendor requests failed: ${[...new Set(reasons)].join("; ")}`;
  const detail = first instanceof Error ? first.name : "unknown";
  await silentFailures.record("parallel_fetcher_aggregate", new AggregateError(errors, message), { detail });
}
