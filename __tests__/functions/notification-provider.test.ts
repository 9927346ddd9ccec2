import type { MailScript } from "../../lab/runtime/stub-mail";
import type { SegmentDocument } from "../../lab/runtime/xray-daemon";
import { alertMessage, userProfile } from "../support/alerts";
import { deliver } from "../support/mail-delivery";
import { snsEvent } from "../support/news";
import { ancestors, valuesOf } from "../support/observed";
import { describePipeline } from "../support/pipeline-suite";

const status = (code: number, retryAfter?: string): MailScript =>
  retryAfter === undefined ? { kind: "status", status: code } : { kind: "status", status: code, retryAfter };
const accepted: MailScript = { kind: "accepted" };

describePipeline("notification and its provider", (lab) => {
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
    /** Seconds that must have passed between the first two requests. */
    readonly waited?: number;
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
      waited: 1,
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
    const { scripts, requests, invocations, remainingMs, waited = 0 } = expected;
    await lab().put("users", userProfile());
    lab().mail.script(...scripts);
    const event = snsEvent(alertMessage());
    const { attempts, documents, deadLetters, result } = await deliver(lab(), event, remainingMs);

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
    const [first, second = first] = spans;
    // A timer may fire a moment early, and X-Ray's times are rounded.
    if (waited > 0) expect((second?.start_time ?? 0) - (first?.end_time ?? 0)).toBeGreaterThan(waited - 0.05);
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
});
