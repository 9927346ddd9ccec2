import { postJson } from "../runtime/http";
import type { Mail } from "./alert-mail";

/** How to reach the mail provider. */
export interface ProviderAccess {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Who writes to whom. */
export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/**
 * Asks SendGrid to send one mail.
 *
 * @param timeoutMs milliseconds until the answer must have come
 * @returns the status, 200 to 299
 * @throws HttpError, which has neither addresses nor key nor anything the provider wrote
 */
export async function postMail(
  access: ProviderAccess,
  { from, to }: Envelope,
  mail: Mail,
  timeoutMs: number,
): Promise<number> {
  const body = {
    personalizations: [{ to: [{ email: to }] }],
    from: { email: from },
    subject: mail.subject,
    content: [
      { type: "text/plain", value: mail.text },
      { type: "text/html", value: mail.html },
    ],
  };
  const headers = { authorization: `Bearer ${access.apiKey}` };
  return postJson(new URL(`${access.baseUrl}/v3/mail/send`), body, { headers, timeoutMs });
}
