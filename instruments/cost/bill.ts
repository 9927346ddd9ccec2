import type { Charge } from "../../policies/prices/alarms";
import { type Item, PRICED_REGIONS, PRICES_AS_OF, type Price, pricesOf } from "../../policies/prices/table";
import { InputError } from "../terraform-file";

/** One kind of thing on the bill. */
export interface BillLine {
  readonly item: Item;
  readonly service: Price["service"];
  readonly quantity: number;
  /** Units the account's free allowance takes off. */
  readonly freeUnits: number;
  readonly grossUsd: number;
  readonly netUsd: number;
  readonly unverified: boolean;
  readonly source: string;
}

/** A month's bill. */
export interface Bill {
  readonly region: string;
  /** When the price table was written, YYYY-MM-DD. */
  readonly pricesAsOf: string;
  readonly lines: readonly BillLine[];
  /** Gross USD by construct path or address, dearest first. */
  readonly byPath: readonly { readonly path: string; readonly grossUsd: number }[];
  readonly grossUsd: number;
  /** What is left when the free allowances of the account belong to this file alone. */
  readonly netUsd: number;
}

/**
 * Prices charges.
 *
 * @throws InputError for a region without prices
 */
export function billOf(charges: readonly Charge[], region: string): Bill {
  const prices = pricesOf(region);
  if (prices === undefined) {
    throw new InputError(
      "region",
      JSON.stringify(region),
      `one of ${PRICED_REGIONS.join(", ")}`,
      "choose the nearest with --region",
    );
  }
  const quantities = new Map<Item, number>();
  const paths = new Map<string, number>();
  for (const { item, path, quantity } of charges) {
    quantities.set(item, (quantities.get(item) ?? 0) + quantity);
    paths.set(path, (paths.get(path) ?? 0) + quantity * prices[item].usd);
  }
  const lines = [...quantities].map(([item, quantity]): BillLine => {
    const { usd, free, service, source, unverified } = prices[item];
    const freeUnits = Math.min(quantity, free);
    return {
      item,
      service,
      quantity,
      freeUnits,
      grossUsd: quantity * usd,
      netUsd: (quantity - freeUnits) * usd,
      unverified: unverified === true,
      source,
    };
  });
  lines.sort((a, b) => a.service.localeCompare(b.service) || a.item.localeCompare(b.item));
  const byPath = [...paths]
    .map(([path, grossUsd]) => ({ path, grossUsd }))
    .sort((a, b) => b.grossUsd - a.grossUsd || a.path.localeCompare(b.path));
  return {
    region,
    pricesAsOf: PRICES_AS_OF,
    lines,
    byPath,
    grossUsd: lines.reduce((sum, one) => sum + one.grossUsd, 0),
    netUsd: lines.reduce((sum, one) => sum + one.netUsd, 0),
  };
}
