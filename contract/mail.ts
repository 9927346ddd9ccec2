/** What an alert rule watches (application §2.1). */
export const ALERT_TYPES = ["sentiment_threshold", "volatility_threshold"] as const;

/** One of {@link ALERT_TYPES}. */
export type AlertType = (typeof ALERT_TYPES)[number];

/** On which side of its threshold a rule triggers. */
export const ALERT_DIRECTIONS = ["above", "below"] as const;

/** One of {@link ALERT_DIRECTIONS}. */
export type AlertDirection = (typeof ALERT_DIRECTIONS)[number];

/** Bounds on what alerts may cost a user's patience and ours (application §3.4). */
export const ALERTS = {
  /** Seconds a rule rests after it triggered. */
  cooldownSeconds: 3600,
  /** Mails to one user in one UTC day. */
  mailsPerUserPerDay: 10,
  /** Mails to everybody in one UTC day; `EmailQuotaUsed` is the share of it. */
  mailsPerDay: 100,
  /** The resolution whose bucket a volatility rule looks at: highest minus lowest score. */
  volatilityResolution: "1h",
} as const;

/** Shapes of mail. */
export const MAIL_TEMPLATES = ["alert"] as const;

/** One of {@link MAIL_TEMPLATES}. */
export type MailTemplate = (typeof MAIL_TEMPLATES)[number];

/**
 * What travels from analysis to notification. No address: the mail function looks it up, so that none lies in a topic
 * or a dead-letter queue.
 */
export interface AlertMessage {
  readonly notification_type: "alert";
  readonly user_id: string;
  readonly alert_id: string;
  readonly ticker: string;
  readonly alert_type: AlertType;
  readonly threshold_direction: AlertDirection;
  readonly threshold: number;
  /** What crossed the threshold; may be 0 (D13). */
  readonly triggered_value: number;
  /** ISO 8601, UTC. */
  readonly triggered_at: string;
}

/** The mail provider's API unless a setting says otherwise. */
export const MAIL_BASE_URL = "https://api.sendgrid.com";
