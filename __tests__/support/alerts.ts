/** Alert rules, users and messages about alerts, for tests. */

type Item = Record<string, unknown>;

/** An address that must never be seen outside a mail. */
export const ADDRESS = "somebody.private@example.org";

/** An enabled rule as the API writes it: positive news about Apple, unless told otherwise. */
export function alertRule(change: Item = {}): Item {
  return {
    PK: "USER#user-1",
    SK: "ALERT#alert-1",
    entity_type: "ALERT_RULE",
    status: "enabled",
    ticker: "AAPL",
    alert_type: "sentiment_threshold",
    threshold_value: 0.2,
    threshold_direction: "above",
    trigger_count: 0,
    ...change,
  };
}

/** A user with an address, a guest of thirty days. */
export function userProfile(change: Item = {}): Item {
  return {
    PK: "USER#user-1",
    SK: "PROFILE",
    entity_type: "USER",
    email: ADDRESS,
    ttl_timestamp: Math.floor(Date.now() / 1000) + 30 * 86_400,
    ...change,
  };
}

/** The message about an alert, as analysis publishes it. */
export function alertMessage(change: Item = {}): Item {
  return {
    notification_type: "alert",
    user_id: "user-1",
    alert_id: "alert-1",
    ticker: "AAPL",
    alert_type: "sentiment_threshold",
    threshold_direction: "above",
    threshold: 0.2,
    triggered_value: 0.75,
    triggered_at: "2026-11-21T12:00:00.000Z",
    ...change,
  };
}
