import type { AlertMessage, AlertType, MailTemplate } from "../../contract/mail";
import { html } from "./html";

/** A mail without its addressee. */
export interface Mail {
  readonly template: MailTemplate;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What a rule watches, in words. */
const WATCHED: Readonly<Record<AlertType, string>> = {
  sentiment_threshold: "sentiment",
  volatility_threshold: "volatility of sentiment",
};

/**
 * The mail about an alert, the same in plain text and HTML.
 *
 * @param dashboardUrl where the link leads
 */
export function alertMail(alert: AlertMessage, dashboardUrl: string): Mail {
  const { ticker, alert_type, threshold_direction, threshold, triggered_value, triggered_at } = alert;
  const subject = `${ticker}: ${WATCHED[alert_type]} ${threshold_direction} ${threshold}`;
  const says =
    `The ${WATCHED[alert_type]} of ${ticker} is ${triggered_value}, ` +
    `${threshold_direction} your threshold of ${threshold}.`;
  const rests = `Seen at ${triggered_at}. The alert now rests for a while before it can trigger again.`;
  return {
    template: "alert",
    subject,
    text: `${says}\n\n${rests}\n\n${dashboardUrl}\n`,
    html: html`<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>${subject}</title></head>
  <body>
    <p>${says}</p>
    <p>${rests}</p>
    <p><a href="${dashboardUrl}">Open the dashboard</a></p>
  </body>
</html>
`,
  };
}
