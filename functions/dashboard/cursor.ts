import { createHash } from "node:crypto";

const CHECK_LENGTH = 16;

/**
 * Where the next page of a query begins. The check binds it to its query; it is no secret, because a forged cursor
 * leads to nothing but another place in public data.
 *
 * @param position sort key of the last row of this page
 * @param query everything that makes the query, as one text
 */
export function cursorAfter(position: string, query: string): string {
  const check = createHash("sha256")
    .update(`${position} ${query}`)
    .digest("base64url")
    .slice(0, CHECK_LENGTH);
  return `${Buffer.from(position).toString("base64url")}.${check}`;
}

/** The sort key a cursor of this query stands for; `undefined` for any other text. */
export function positionOf(cursor: string, query: string): string | undefined {
  const position = Buffer.from(cursor.split(".")[0] ?? "", "base64url").toString();
  // What does not come out as it went in was not made here, or not for this query.
  return cursor === cursorAfter(position, query) ? position : undefined;
}
