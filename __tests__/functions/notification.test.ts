import type { MailScript } from "../../lab/runtime/stub-mail";
import type { SegmentDocument } from "../../lab/runtime/xray-daemon";
import { ADDRESS, alertMessage, userProfile } from "../support/alerts";
import { snsEvent } from "../support/news";
import { ancestors, jsonLines, onlySegment, valuesOf } from "../support/observed";
import { describePipeline } from "../support/pipeline-suite";

const KEY = "key-of-sendgrid";
/** A part of every mail. */
const BODY = "The sentiment of AAPL is";

const status = (code: number, retryAfter?: string): MailScript =>
  retryAfter === undefined ? { kind: "status", status: code } : { kind: "status", status: code, retryAfter };
const accepted: MailScript = { kind: "accepted" };

describePipeline("notification", (lab) => {
  /** Lambda's asynchronous invocation, after which nothing private may have been left anywhere but in the mail. */
  async function deliver(event: unknown, remainingMs = 30_000) {
    const { attempts, deadLetter } = await lab().runAsync("notification", event, { remainingMs });
    const documents = await lab().daemon.settled();
    const deadLetters = await lab().deadLetters();
    const errors = attempts.map(({ error }) => error);
    const lines = attempts.flatMap((attempt) => attempt.lines);
    const everything = JSON.stringify([documents, deadLetters, deadLetter, errors, lines]);
    for (const secret of [ADDRESS, KEY, BODY]) expect(everything).not.toContain(secret);
    return { attempts, documents, deadLetters, lines, result: attempts.at(-1)?.result, error: errors.at(-1) };
  }

  const sends = (documents: readonly SegmentDocument[]) =>
    documents.filter(({ name }) => name === "sendgrid_send_email");

  const metric = (name: string) => valuesOf(lab().gateway.calls, name);

  /** A provider's answers, and what must come of them. */
  interface Case {
    readonly scripts: readonly [MailScript, ...MailScript[]];
    /** Per request: status annotated, marked as fault, and whether the rate was limited. */
    readonly requests: readonly (readonly [number, "fault" | "ok" | "limited"])[];
    /** Invocations that ended well or not. */
    readonly invocations: readonly ("sent" | "failed")[];
    readonly remainingMs?: number;
  }

  const thrice = <T>(value: T): readonly T[] => [value, value, value];
  const dead = thrice("failed" as const);

  const CASES: Readonly<Record<string, Case>> = {
    "202": { scripts: [accepted], requests: [[202, "ok"]], invocations: ["sent"] },
    "400, which is not asked again": {
      scripts: [status(400)],
      requests: thrice([400, "fault"]),
      invocations: dead,
    },
    "401, which is not asked again": {
      scripts: [status(401)],
      requests: thrice([401, "fault"]),
      invocations: dead,
    },
    "403, which is not asked again": {
      scripts: [status(403)],
      requests: thrice([403, "fault"]),
      invocations: dead,
    },
    "302, which is not followed": {
      scripts: [status(302)],
      requests: thrice([302, "fault"]),
      invocations: dead,
    },
    "429 with a second to wait, then 202": {
      scripts: [status(429, "1"), accepted],
      requests: [
        [429, "limited"],
        [202, "ok"],
      ],
      invocations: ["sent"],
    },
    "429 with more to wait than there is time": {
      scripts: [status(429, "3600")],
      requests: thrice([429, "limited"]),
      invocations: dead,
    },
    "500 twice, then 202": {
      scripts: [status(500), status(500), accepted],
      requests: [
        [500, "fault"],
        [500, "fault"],
        [202, "ok"],
      ],
      invocations: ["sent"],
    },
    "503 for ever": {
      scripts: [status(503)],
      requests: [
        ...thrice([503, "fault"] as const),
        ...thrice([503, "fault"] as const),
        ...thrice([503, "fault"] as const),
      ],
      invocations: dead,
    },
    "bytes that are not HTTP, then 202": {
      scripts: [{ kind: "garbage" }, accepted],
      requests: [
        [0, "fault"],
        [202, "ok"],
      ],
      invocations: ["sent"],
    },
    "no answer, and no time to ask again": {
      scripts: [{ kind: "hang" }],
      requests: thrice([0, "fault"]),
      invocations: dead,
      remainingMs: 5600,
    },
  };

  test.each(Object.entries(CASES))("SG-1 the provider answers %s", async (_, expected) => {
    const { scripts, requests, invocations, remainingMs } = expected;
    await lab().put("users", userProfile());
    lab().mail.script(...scripts);
    const event = snsEvent(alertMessage());
    const { attempts, documents, deadLetters, result } = await deliver(event, remainingMs);

    expect(lab().mail.calls).toHaveLength(requests.length);
    expect(attempts.map(({ error }) => (error === undefined ? "sent" : "failed"))).toEqual(invocations);
    const spans = sends(documents);
    expect(
      spans.map(({ annotations, fault }) => [
        annotations?.["sendgrid_status"],
        fault === true ? "fault" : annotations?.["rate_limited"] === true ? "limited" : "ok",
      ]),
    ).toEqual(requests);
    for (const { annotations, error } of spans) {
      expect(annotations).toMatchObject({ recipient_count: 1, template_name: "alert" });
      expect(annotations?.["http_status"] ?? 0).toBe(annotations?.["sendgrid_status"]);
      expect(error).toBeUndefined();
    }
    const perInvocation = requests.length / invocations.length;
    expect(spans.map(({ annotations }) => annotations?.["attempt"])).toEqual(
      requests.map((_request, index) => (index % perInvocation) + 1),
    );
    const remote = documents.filter(({ namespace }) => namespace === "remote");
    expect(remote.map(({ parent_id }) => parent_id).sort()).toEqual(spans.map(({ id }) => id).sort());
    expect(remote.map((one) => ancestors(one, documents))).toEqual(
      requests.map(() => ["sendgrid_send_email", "send_alert", "handle_event"]),
    );

    const failed = invocations.includes("failed");
    expect(metric("EmailsAttempted")).toEqual(invocations.map(() => 1));
    expect(metric("EmailsSent")).toEqual(invocations.map((one) => (one === "sent" ? 1 : 0)));
    expect(metric("EmailsFailed")).toEqual(invocations.map((one) => (one === "failed" ? 1 : 0)));
    // The alert is one mail of the hundred, however often it is tried.
    expect(metric("EmailQuotaUsed")).toEqual(invocations.map(() => 1));
    expect(deadLetters.map((body) => JSON.parse(body))).toEqual(failed ? [event] : []);
    expect(documents.filter(({ name, fault }) => name === "handle_event" && fault)).toHaveLength(
      failed ? 3 : 0,
    );
    if (!failed) expect(result).toEqual({ sent: 1, suppressed: 0 });
  });

  test("SG-1 a wait the provider asks for is kept", async () => {
    await lab().put("users", userProfile());
    lab().mail.script(status(429, "2"), accepted);
    const { documents } = await deliver(snsEvent(alertMessage()));
    const [first, second] = sends(documents);
    expect((second?.start_time ?? 0) - (first?.end_time ?? 0)).toBeGreaterThanOrEqual(1.95);
  });

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
      const { result } = await deliver(snsEvent(alertMessage()));
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
      const { deadLetters } = await deliver(snsEvent(alertMessage()));
      expect(deadLetters).toHaveLength(1);
      expect(metric("EmailsAttempted")).toEqual([1, 1, 1]);
      expect(metric("EmailsFailed")).toEqual([1, 1, 1]);
      expect(lab().mail.calls).toEqual([]);
    });
  });

  describe("the mail", () => {
    test("goes from us to the user, in text and in HTML, with a link to the dashboard", async () => {
      await lab().put("users", userProfile());
      await deliver(snsEvent(alertMessage()));
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
      expect((await deliver(snsEvent(message))).result).toEqual({ sent: 1, suppressed: 0 });
      expect(lab().mail.calls[0]?.mail.content[0]?.value).toContain(
        "The volatility of sentiment of AAPL is 0, above your threshold of 0.",
      );
    });

    test("markup in a ticker stays text", async () => {
      await lab().put("users", userProfile());
      await deliver(snsEvent(alertMessage({ ticker: `<img/src="x"/a='&'>` })));
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
      const { attempts, deadLetters } = await deliver(event);
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
      const { result, documents } = await deliver({ Records });
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
      const { result, lines, documents } = await deliver(snsEvent(alertMessage()));
      expect(result).toEqual({ sent: 1, suppressed: 0 });
      expect(metric("EmailQuotaUsed")).toEqual([]);
      expect(jsonLines(lines)).toContainEqual(expect.objectContaining({ message: "mail quota not read" }));
      expect(onlySegment(documents, "handle_event").fault).toBeUndefined();
    });
  });
});
