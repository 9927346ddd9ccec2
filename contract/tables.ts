import { type Environment, physicalName } from "./names";

/** A DynamoDB key: attribute names, both strings. */
export interface TableKey {
  readonly partition: string;
  readonly sort: string;
}

/** A secondary index; items without both keys are not in it. */
export interface TableIndex extends TableKey {
  /** Attributes it holds besides the keys; all of them when absent. */
  readonly carries?: readonly string[];
}

/** An on-demand table with point-in-time recovery. */
export interface Table {
  readonly key: TableKey;
  readonly indexes: Readonly<Record<string, TableIndex>>;
  /** Attribute holding the expiry as epoch seconds. */
  readonly ttlAttribute: string;
}

/** The application's tables (application §2.1). */
export const TABLES = {
  items: {
    key: { partition: "source_id", sort: "timestamp" },
    // Sorted by ingest time, not publish time: an article fetched late is not stuck (D15).
    indexes: {
      by_status: { partition: "status", sort: "created_at" },
      // What streams read, small: a day of items is read when an environment starts (ADR 0021).
      by_sentiment: {
        partition: "sentiment",
        sort: "analyzed_at",
        carries: ["score", "matched_tickers", "published_at"],
      },
    },
    ttlAttribute: "ttl_timestamp",
  },
  users: {
    key: { partition: "PK", sort: "SK" },
    indexes: {
      by_entity_status: { partition: "entity_type", sort: "status" },
      // Only alert rules carry a ticker, so this finds the rules an article may trigger (D14).
      by_ticker: { partition: "ticker", sort: "status" },
    },
    ttlAttribute: "ttl_timestamp",
  },
  timeseries: {
    key: { partition: "PK", sort: "SK" },
    indexes: {},
    ttlAttribute: "ttl",
  },
  // One row per open stream of all execution environments (D22).
  leases: {
    key: { partition: "pool", sort: "slot" },
    indexes: {},
    ttlAttribute: "ttl_timestamp",
  },
} as const satisfies Record<string, Table>;

/** Key of {@link TABLES}. */
export type TableName = keyof typeof TABLES;

/** The physical name of a table. */
export function tableName(environment: Environment, table: TableName): string {
  return physicalName(environment, table);
}

/** Time-series resolutions: bucket width and how long a bucket is kept, both in seconds (application §2.1). */
export const RESOLUTIONS = {
  "1m": { widthSeconds: 60, keepSeconds: 6 * 3600 },
  "5m": { widthSeconds: 300, keepSeconds: 12 * 3600 },
  "15m": { widthSeconds: 900, keepSeconds: 24 * 3600 },
  "30m": { widthSeconds: 1800, keepSeconds: 3 * 86_400 },
  "1h": { widthSeconds: 3600, keepSeconds: 7 * 86_400 },
  "24h": { widthSeconds: 86_400, keepSeconds: 90 * 86_400 },
} as const;

/** Key of {@link RESOLUTIONS}. */
export type Resolution = keyof typeof RESOLUTIONS;

/** Articles are kept this long, in seconds. */
export const ITEM_KEEP_SECONDS = 30 * 86_400;
