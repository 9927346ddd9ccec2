import type { MailScript } from "../../lab/runtime/stub-mail";
import { ADDRESS, alertMessage, userProfile } from "../support/alerts";
import { BODY, deliver, KEY } from "../support/mail-delivery";
import { snsEvent } from "../support/news";
import { jsonLines, onlySegment, valuesOf } from "../support/observed";
import { describePipeline } from "../support/pipeline-suite";

const status = (code: number): MailScript => ({ kind: "status", status: code });
const accepted: MailScript = { kind: "accepted" };

describePipeline("notification", (lab) => {
  const metric = (name: string) => valuesOf(lab().gateway.calls, name);

  describe("keys", () => {
    const secretReads = () => lab().gateway.calls.filter(({ operation }) => operation === "GetSecretValue");

    test.each([401, 403])("a key refused with %s is read again by the next attempt", async (refusal) => {
      await lab().put("users", userProfile());
      lab().mail.script(status(refusal), accepted);
      let reads = 0;
      lab().gateway.answerWith(({ operation }) => {
        if (operation !== "GetSecretValue") return undefined;
        reads += 1;
        return JSON.stringify({ SecretString: JSON.stringify({ api_key: `${KEY}-${reads}` }) });
      });
      const { result } = await deliver(lab(), snsEvent(alertMessage()));
      expect(result).toEqual({ sent: 1, suppressed: 0 });
      expect(lab().mail.calls.map(({ headers }) => headers.authorization)).toEqual([
        `Bearer ${KEY}-1`,
        `Bearer ${KEY}-2`,
      ]);
    });

    test("a key that was not refused is read once per process", async () => {
      await lab().put("users", userProfile());
      const host = await lab().function("notification");
      lab().mail.script(status(500));
      await host.invoke(snsEvent(alertMessage()));
      lab().mail.script(accepted);
      await host.invoke(snsEvent(alertMessage()));
      expect(lab().mail.calls).toHaveLength(1);
      expect(secretReads()).toHaveLength(1);
    });

    test("D6 without a key no mail goes out, which counts as a failed one", async () => {
      await lab().put("users", userProfile());
      lab().gateway.failWhen(({ operation }) =>
        operation === "GetSecretValue"
          ? { status: 400, code: "AccessDeniedException", message: "no key for the test" }
          : undefined,
      );
      const { deadLetters } = await deliver(lab(), snsEvent(alertMessage()));
      expect(deadLetters).toHaveLength(1);
      expect(metric("EmailsAttempted")).toEqual([1, 1, 1]);
      expect(metric("EmailsFailed")).toEqual([1, 1, 1]);
      expect(lab().mail.calls).toEqual([]);
    });
  });

  describe("the mail", () => {
    test("goes from us to the user, in text and in HTML, with a link to the dashboard", async () => {
      await lab().put("users", userProfile());
      await deliver(lab(), snsEvent(alertMessage()));
      const [call] = lab().mail.calls;
      expect([call?.method, call?.path, call?.headers.authorization, call?.headers["content-type"]]).toEqual([
        "POST",
        "/v3/mail/send",
        `Bearer ${KEY}`,
        "application/json",
      ]);
      expect(call?.mail).toEqual({
        personalizations: [{ to: [{ email: ADDRESS }] }],
        from: { email: "alerts@example.com" },
        subject: "AAPL: sentiment above 0.2",
        content: [
          {
            type: "text/plain",
            value: expect.stringContaining(`${BODY} 0.75, above your threshold of 0.2.`),
          },
          { type: "text/html", value: expect.stringContaining(`${BODY} 0.75, above your threshold of 0.2.`) },
        ],
      });
      for (const { value } of call?.mail.content ?? []) expect(value).toContain("http://localhost:3000");
    });

    test("D13 a value and a threshold of 0 are mailed", async () => {
      await lab().put("users", userProfile());
      const message = alertMessage({ triggered_value: 0, threshold: 0, alert_type: "volatility_threshold" });
      expect((await deliver(lab(), snsEvent(message))).result).toEqual({ sent: 1, suppressed: 0 });
      expect(lab().mail.calls[0]?.mail.content[0]?.value).toContain(
        "The volatility of sentiment of AAPL is 0, above your threshold of 0.",
      );
    });

    test("markup in a ticker stays text", async () => {
      await lab().put("users", userProfile());
      await deliver(lab(), snsEvent(alertMessage({ ticker: `<img/src="x"/a='&'>` })));
      const [text, html] = lab().mail.calls[0]?.mail.content ?? [];
      expect(text?.value).toContain(`<img/src="x"/a='&'>`);
      expect(html?.value).not.toContain("<img");
      expect(html?.value.match(/&lt;img\/src=&quot;x&quot;\/a=&#39;&amp;&#39;&gt;/g)).toHaveLength(2);
    });
  });

  describe("what cannot be mailed", () => {
    const malformed: readonly (readonly [string, unknown, string])[] = [
      ["is not JSON", `{half of ${ADDRESS}`, "is not JSON"],
      ["lacks fields", { notification_type: "alert", email: ADDRESS }, "user_id"],
      ["names another row", alertMessage({ user_id: "a#PROFILE" }), "user_id"],
      [
        "has text for a number, a date that is none and a type of its own",
        alertMessage({
          threshold: "0.2",
          triggered_at: `<b>${ADDRESS}</b>`,
          alert_type: "magic_link",
        }),
        "alert_type, threshold, triggered_at",
      ],
      [
        "has a number without end",
        JSON.stringify(alertMessage()).replace("0.75", "1e999"),
        "triggered_value",
      ],
      ["has a line break in its ticker", alertMessage({ ticker: "AAPL\r\nBcc: x" }), "ticker"],
    ];

    test.each(malformed)(
      "D6 a message that %s reaches the dead-letter queue intact",
      async (_, message, says) => {
        const event = snsEvent(message);
        const { attempts, deadLetter } = await lab().runAsync("notification", event);
        expect(attempts).toHaveLength(3);
        expect(deadLetter?.attributes.ErrorMessage).toContain(says);
        expect((await lab().deadLetters()).map((body) => JSON.parse(body))).toEqual([event]);
        expect(metric("EmailsFailed")).toEqual([1, 1, 1]);
        const documents = await lab().daemon.settled();
        const handlers = documents.filter(({ name }) => name === "handle_event");
        expect(handlers.map(({ fault, cause }) => [fault, cause?.exceptions[0]?.type])).toEqual(
          Array(3).fill([true, "InvalidMessageError"]),
        );
        const lines = attempts.flatMap((attempt) => attempt.lines);
        expect(JSON.stringify([documents, lines, deadLetter?.attributes])).not.toContain(ADDRESS);
        expect(lab().mail.calls).toEqual([]);
      },
    );

    test("D6 an event without records fails", async () => {
      const { error } = await (await lab().function("notification")).invoke({});
      expect(error?.message).toMatch(/no SNS records/);
      expect(metric("EmailsFailed")).toEqual([1]);
    });

    test("of two records a bad one does not keep the good one from being mailed, once", async () => {
      await lab().put("users", userProfile());
      const event = { Records: [...snsEvent({}).Records, ...snsEvent(alertMessage()).Records] };
      const { attempts, deadLetters } = await deliver(lab(), event);
      expect(attempts.map(({ error }) => error?.name)).toEqual(Array(3).fill("InvalidMessageError"));
      expect(deadLetters).toHaveLength(1);
      expect(lab().mail.calls).toHaveLength(1);
      expect(metric("EmailsSent")).toEqual([1, 0, 0]);
    });

    test("users without a usable address, gone or expired get no mail, and that is no error", async () => {
      const users = ["no-profile", "guest", "odd", "expired"];
      const expired = { ttl_timestamp: Math.floor(Date.now() / 1000) - 60 };
      await lab().put("users", userProfile({ PK: "USER#guest", email: undefined }));
      await lab().put("users", userProfile({ PK: "USER#odd", email: "somebody at home" }));
      await lab().put("users", userProfile({ PK: "USER#expired", ...expired }));
      const Records = users.flatMap((user_id) => snsEvent(alertMessage({ user_id })).Records);
      const { result, documents } = await deliver(lab(), { Records });
      expect(result).toEqual({ sent: 0, suppressed: 4 });
      const spans = documents.filter(({ name }) => name === "send_alert");
      expect(spans.map(({ annotations }) => annotations)).toEqual(
        ["no_address", "no_address", "no_address", "inactive"].map((suppressed_reason) => ({
          alert_type: "sentiment_threshold",
          suppressed_reason,
        })),
      );
      expect(documents.filter(({ fault, error }) => fault || error)).toEqual([]);
      for (const name of [
        "EmailsAttempted",
        "EmailsSent",
        "EmailsFailed",
        "EmailsSuppressed",
        "EmailQuotaUsed",
      ]) {
        expect([name, metric(name)]).toEqual([name, [0]]);
      }
      expect(lab().gateway.calls.some(({ operation }) => operation === "UpdateItem")).toBe(false);
    });

    test("a quota that cannot be read leaves its metric out, with a log line, and the mail goes out", async () => {
      await lab().put("users", userProfile());
      lab().gateway.failWhen(({ operation, input }) =>
        operation === "GetItem" && JSON.stringify(input["Key"]).includes("QUOTA#mail")
          ? { status: 400, code: "AccessDeniedException", message: "injected for the test" }
          : undefined,
      );
      const { result, lines, documents } = await deliver(lab(), snsEvent(alertMessage()));
      expect(result).toEqual({ sent: 1, suppressed: 0 });
      expect(metric("EmailQuotaUsed")).toEqual([]);
      expect(jsonLines(lines)).toContainEqual(expect.objectContaining({ message: "mail quota not read" }));
      expect(onlySegment(documents, "handle_event").fault).toBeUndefined();
    });
  });
});
