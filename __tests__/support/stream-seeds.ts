import { createHash, createHmac, randomUUID } from "node:crypto";
import { TOKEN_ISSUER } from "../../contract/streaming";
import { RESOLUTIONS, type Resolution } from "../../contract/tables";

type Item = Record<string, unknown>;

/** The key the lab's tokens are signed with. */
export const SIGNING_KEY = "lab-signing-key-of-more-than-32-bytes";
/** The audience the lab's function expects. */
export const AUDIENCE = "dev";

/** An article as analysis leaves it; by default analyzed and published now. */
export function analyzedArticle(tickers: readonly string[], more: Item = {}): Item {
  const now = new Date().toISOString();
  return {
    source_id: `dedup:${createHash("md5").update(randomUUID()).digest("hex")}`,
    timestamp: now,
    status: "analyzed",
    sentiment: "positive",
    score: 0.5,
    matched_tickers: [...tickers],
    published_at: now,
    analyzed_at: now,
    created_at: now,
    ...more,
  };
}

/** The bucket an instant falls into, as the fan-out leaves it. */
export function bucketRow(ticker: string, resolution: Resolution, at: number, updatedAt: number): Item {
  const { widthSeconds, keepSeconds } = RESOLUTIONS[resolution];
  const width = widthSeconds * 1000;
  return {
    PK: `${ticker}#${resolution}`,
    SK: new Date(Math.floor(at / width) * width).toISOString(),
    open: 0.1,
    high: 0.9,
    low: -0.2,
    close: 0.5,
    count: 3,
    sum: 1.2,
    is_partial: true,
    updated_at: new Date(updatedAt).toISOString(),
    ttl: Math.floor(at / 1000) + keepSeconds,
  };
}

/** An anonymous user's rows: profile, and a configuration for each entry. */
export function userRows(
  user: string,
  configurations: Readonly<Record<string, { status: "active" | "inactive"; tickers: readonly string[] }>>,
): readonly Item[] {
  const ttl_timestamp = Math.floor(Date.now() / 1000) + 30 * 86_400;
  const profile = { PK: `USER#${user}`, SK: "PROFILE", entity_type: "USER", ttl_timestamp };
  const rows = Object.entries(configurations).map(([id, { status, tickers }]) => ({
    PK: `USER#${user}`,
    SK: `CONFIG#${id}`,
    entity_type: "CONFIGURATION",
    status,
    tickers: tickers.map((symbol) => ({ symbol, name: symbol, exchange: "NASDAQ" })),
  }));
  return [profile, ...rows];
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A signed access token; `claims` replace the good ones, `undefined` removes one. */
export function accessToken(subject: string, claims: Item = {}, key = SIGNING_KEY): string {
  const now = Math.floor(Date.now() / 1000);
  const good = {
    sub: subject,
    iss: TOKEN_ISSUER,
    aud: AUDIENCE,
    iat: now,
    nbf: now,
    exp: now + 900,
    roles: ["free"],
  };
  const body = `${part({ alg: "HS256", typ: "JWT" })}.${part({ ...good, ...claims })}`;
  return `${body}.${createHmac("sha256", key).update(body).digest("base64url")}`;
}
