import { SPANS } from "../../contract/spans";
import type { Vendor } from "../../contract/vendors";
import type { Runtime } from "../runtime/handler";
import { HttpError } from "../runtime/http";
import { annotate, traced } from "../runtime/tracing";
import type { Article } from "./article";
import type { CircuitBreaker } from "./circuit-breaker";
import { takeCall } from "./quota";
import type { VendorRequest } from "./vendor-client";

/** What a vendor delivered in one run. */
export interface VendorNews {
  readonly vendor: Vendor;
  readonly articles: readonly Article[];
  /** One entry per request that failed. */
  readonly errors: readonly Error[];
  /** True when the breaker or the quota kept requests from being sent. */
  readonly skipped: boolean;
}

/** All requests to one vendor together may take this long, milliseconds. */
const VENDOR_MS = 30_000;

/**
 * Sends a vendor's requests one after another until its breaker opens or its quota is spent. A failed request counts
 * toward the breaker and `VendorApiErrors`, and the next one is still sent (D9).
 *
 * @throws when the quota cannot be counted
 */
export async function fetchVendor(
  runtime: Runtime<"ingestion">,
  vendor: Vendor,
  requests: readonly VendorRequest[],
  breaker: CircuitBreaker,
): Promise<VendorNews> {
  const span = vendor === "tiingo" ? SPANS.fetchTiingo : SPANS.fetchFinnhub;
  const ticker_count = requests.flatMap((request) => request.tickers).length;
  return traced(span, () => sendAll(runtime, vendor, requests, breaker), { vendor, ticker_count });
}

async function sendAll(
  { config, logger, metrics }: Runtime<"ingestion">,
  vendor: Vendor,
  requests: readonly VendorRequest[],
  breaker: CircuitBreaker,
): Promise<VendorNews> {
  const articles: Article[] = [];
  const errors: Error[] = [];
  const deadline = Date.now() + VENDOR_MS;
  let skipped = false;
  for (const request of requests) {
    if (!breaker.admits(Date.now()) || !(await takeCall(vendor, config.variables.USERS_TABLE, Date.now()))) {
      skipped = true;
      break;
    }
    metrics.emit("VendorApiCalls", 1, { Vendor: vendor });
    try {
      const page = await request.send(Math.max(1, deadline - Date.now()));
      annotate("http_status", page.status);
      articles.push(...page.articles);
      const { unparseable, implausibleDate } = page.dropped;
      if (unparseable + implausibleDate > 0) {
        logger.warn("articles dropped", { vendor, unparseable, implausible_date: implausibleDate });
      }
      breaker.succeeded();
    } catch (error) {
      if (error instanceof HttpError && error.status !== undefined) annotate("http_status", error.status);
      metrics.emit("VendorApiErrors", 1, { Vendor: vendor });
      breaker.failed(Date.now());
      errors.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  annotate("article_count", articles.length);
  if (skipped) {
    logger.warn("vendor skipped", { vendor, breaker_open: breaker.isOpen });
    metrics.emit("VendorSkipped", 1, { Vendor: vendor });
  }
  return { vendor, articles, errors, skipped };
}
