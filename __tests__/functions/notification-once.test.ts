import { ALERTS } from "../../contract/mail";
import { DEAD_LETTER_QUEUE } from "../../contract/messaging";
import { tableName } from "../../contract/tables";
import type { AwsFault } from "../../lab/runtime/aws-gateway";
import { ADDRESS, alertMessage, userProfile } from "../support/alerts";
import { snsEvent } from "../support/news";
import { jsonLines, valuesOf } from "../support/observed";
import { ENVIRONMENT } from "../support/pipeline-lab";
import { describePipeline } from "../support/pipeline-suite";
import { startProbe } from "../support/probe";

type Item = Record<string, unknown>;

const broken: AwsFault = { status: 400, code: "AccessDeniedException", message: "injected for the test" };
const today = () => new Date().toISOString().slice(0, 10);
const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

const ofUser = (day: string, user = "user-1"): Item => ({ PK: `USER#${user}`, SK: `MAILS#${day}` });
const ofAll = (day: string): Item => ({ PK: "QUOTA#mail", SK: day });

describePipeline("one mail per alert, within the quotas", (lab) => {
  const rows = async (start: string) =>
    (await lab().scan("users")).filter(({ PK, SK }) => String(SK).startsWith(start) || PK === start);

  const counted = async () => ({
    user: (await rows("MAILS#")).map(({ mails }) => mails),
    all: (await rows("QUOTA#mail")).map(({ mails }) => mails),
  });

  const sum = (name: string) =>
    valuesOf(lab().gateway.calls, name).reduce((total, value) => total + value, 0);

  const reasons = async () =>
    (await lab().daemon.settled())
      .filter(({ name }) => name === "send_alert")
      .map(({ annotations }) => annotations?.["suppressed_reason"]);

  const faults = async () =>
    (await lab().daemon.settled()).filter(({ fault, error }) => fault || error).map(({ name }) => name);

  /** Delivers messages to as many processes at once. */
  async function atOnce(messages: readonly Item[]) {
    const hosts = await Promise.all(messages.map(() => lab().function("notification")));
    return Promise.all(hosts.map((host, index) => host.invoke(snsEvent(messages[index]))));
  }

  const users = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

  beforeEach(() => lab().put("users", userProfile()));

  describe("idempotency", () => {
    test("D6 a second delivery of a mailed alert mails nothing and takes nothing from the quotas", async () => {
      const host = await lab().function("notification");
      const event = snsEvent(alertMessage());
      expect((await host.invoke(event)).result).toEqual({ sent: 1, suppressed: 0 });
      expect((await host.invoke(event)).result).toEqual({ sent: 0, suppressed: 1 });
      expect(lab().mail.calls).toHaveLength(1);
      expect(await reasons()).toEqual([undefined, "duplicate"]);
      expect(await counted()).toEqual({ user: [1], all: [1] });
      expect([sum("EmailsSent"), sum("EmailsSuppressed"), sum("EmailsFailed")]).toEqual([1, 0, 0]);
      const later = alertMessage({ triggered_at: "2026-11-21T13:00:00.000Z" });
      expect((await host.invoke(snsEvent(later))).result).toEqual({ sent: 1, suppressed: 0 });
    });

    test("D6 a mail that failed is tried again with what it took from the quotas", async () => {
      lab().mail.script({ kind: "status", status: 400 });
      const event = snsEvent(alertMessage());
      await lab().runAsync("notification", event);
      expect(lab().mail.calls).toHaveLength(3);
      expect(await counted()).toEqual({ user: [1], all: [1] });
      lab().mail.script({ kind: "accepted" });
      // As an operator does who sends dead letters back.
      const { attempts } = await lab().runAsync("notification", event);
      expect(attempts.map(({ result }) => result)).toEqual([{ sent: 1, suppressed: 0 }]);
      expect(await counted()).toEqual({ user: [1], all: [1] });
    });

    test("D6 of simultaneous deliveries one mails", async () => {
      lab().gateway.failWhen(({ operation }) =>
        operation === "GetSecretValue" ? { delayMs: 800 } : undefined,
      );
      const outcomes = await atOnce([alertMessage(), alertMessage(), alertMessage()]);
      expect(lab().mail.calls).toHaveLength(1);
      const sent = outcomes.filter(({ result }) => (result as { sent?: number } | undefined)?.sent === 1);
      expect(sent).toHaveLength(1);
      // The others failed while it was under way, or came after it was done.
      for (const { result, error } of outcomes.filter((one) => !sent.includes(one))) {
        expect(error?.name ?? result).toEqual(
          error === undefined ? { sent: 0, suppressed: 1 } : "DeliveryUnderWayError",
        );
      }
      expect([sum("EmailsAttempted"), sum("EmailsFailed")]).toEqual([1, 0]);
      expect(await counted()).toEqual({ user: [1], all: [1] });
    });

    test("a delivery under way fails the next one, until its invocation must be over", async () => {
      const { alert_id, triggered_at } = alertMessage();
      const begun = { PK: "USER#user-1", SK: `MAIL#${alert_id}#${triggered_at}`, delivery_state: "sending" };
      const host = await lab().function("notification");
      await lab().put("users", { ...begun, claimed_at: Date.now() - 25_000 });
      expect((await host.invoke(snsEvent(alertMessage()))).error?.name).toBe("DeliveryUnderWayError");
      await lab().put("users", { ...begun, claimed_at: Date.now() - 36_000 });
      expect((await host.invoke(snsEvent(alertMessage()))).result).toEqual({ sent: 1, suppressed: 0 });
    });

    test("a mail that was accepted is not sent again because its record could not be written", async () => {
      lab().gateway.failWhen(({ input }) =>
        JSON.stringify(input["ExpressionAttributeValues"] ?? "").includes('"sent"') ? broken : undefined,
      );
      const { attempts } = await lab().runAsync("notification", snsEvent(alertMessage()));
      expect(attempts.map(({ result }) => result)).toEqual([{ sent: 1, suppressed: 0 }]);
      expect(jsonLines(attempts[0]?.lines ?? [])).toContainEqual(
        expect.objectContaining({ message: "delivery not recorded", alert_id: "alert-1" }),
      );
      await lab().runAsync("notification", snsEvent(alertMessage()));
      expect(lab().mail.calls).toHaveLength(1);
    });

    test("records outlive the dead-letter queue and then expire; none has the address", async () => {
      await lab().run("notification", snsEvent(alertMessage()));
      const kept = (await lab().scan("users")).filter(({ SK }) => SK !== "PROFILE");
      expect(kept).toHaveLength(3);
      expect(JSON.stringify(kept)).not.toContain(ADDRESS);
      const [delivery] = kept.filter(({ SK }) => String(SK).startsWith("MAIL#"));
      const now = Date.now() / 1000;
      expect(Number(delivery?.["ttl_timestamp"]) - now).toBeGreaterThan(DEAD_LETTER_QUEUE.keepSeconds);
      for (const { ttl_timestamp } of kept) expect(Number(ttl_timestamp)).toBeGreaterThan(now + 86_400);
    });
  });

  describe("quotas", () => {
    test("D37 the user's quota: of simultaneous alerts as many are mailed as are left", async () => {
      await lab().put("users", { ...ofUser(today()), mails: ALERTS.mailsPerUserPerDay - 1 });
      const alerts = ["a", "b", "c"].map((alert_id) => alertMessage({ alert_id }));
      const outcomes = await atOnce(alerts);
      expect(outcomes.map(({ result }) => (result as { sent: number }).sent).sort()).toEqual([0, 0, 1]);
      expect(lab().mail.calls).toHaveLength(1);
      expect((await reasons()).filter(Boolean)).toEqual(["user_quota", "user_quota"]);
      expect(sum("EmailsSuppressed")).toBe(2);
      // What one user has too many of does not count against the others.
      expect((await counted()).all).toEqual([1]);
      expect(await faults()).toEqual([]);
    });

    test("D37 everybody's quota: of simultaneous alerts as many are mailed as are left", async () => {
      await lab().put("users", { ...ofAll(today()), mails: ALERTS.mailsPerDay - 1 });
      for (const user of users(3)) await lab().put("users", userProfile({ PK: `USER#${user}` }));
      const outcomes = await atOnce(users(3).map((user_id) => alertMessage({ user_id })));
      expect(outcomes.map(({ result }) => (result as { sent: number }).sent).sort()).toEqual([0, 0, 1]);
      expect((await reasons()).filter(Boolean)).toEqual(["daily_quota", "daily_quota"]);
      expect(sum("EmailsSuppressed")).toBe(2);
      expect(new Set(valuesOf(lab().gateway.calls, "EmailQuotaUsed"))).toEqual(new Set([100]));
      expect(await faults()).toEqual([]);
    });

    test("D37 a suppressed alert that is delivered again stays suppressed and is not counted again", async () => {
      await lab().put("users", { ...ofUser(today()), mails: ALERTS.mailsPerUserPerDay });
      const host = await lab().function("notification");
      await host.invoke(snsEvent(alertMessage()));
      await host.invoke(snsEvent(alertMessage()));
      expect(await reasons()).toEqual(["user_quota", "duplicate"]);
      expect(sum("EmailsSuppressed")).toBe(1);
      expect((await counted()).user).toEqual([ALERTS.mailsPerUserPerDay + 1]);
    });

    test("D37 a suppression that could not be recorded is not mailed by the retry", async () => {
      await lab().put("users", { ...ofUser(today()), mails: ALERTS.mailsPerUserPerDay });
      let refusals = 0;
      lab().gateway.failWhen(({ input }) => {
        if (!JSON.stringify(input["ExpressionAttributeValues"] ?? "").includes('"suppressed"'))
          return undefined;
        refusals += 1;
        return refusals === 1 ? broken : undefined;
      });
      const { attempts } = await lab().runAsync("notification", snsEvent(alertMessage()));
      expect(attempts.map(({ result }) => result)).toEqual([undefined, { sent: 0, suppressed: 1 }]);
      expect(lab().mail.calls).toEqual([]);
    });

    test("D37 what was mailed yesterday does not count", async () => {
      await lab().put("users", { ...ofUser(yesterday()), mails: 99 });
      await lab().put("users", { ...ofAll(yesterday()), mails: 500 });
      expect((await lab().run("notification", snsEvent(alertMessage()))).result).toEqual({
        sent: 1,
        suppressed: 0,
      });
      expect(valuesOf(lab().gateway.calls, "EmailQuotaUsed")).toEqual([1]);
    });

    test("D37 a new day begins at midnight UTC, to the millisecond", async () => {
      const probe = await startProbe(
        `import { quotaUsed, takeMail } from "../notification/quota";
         const table = "${tableName(ENVIRONMENT, "users")}";
         export const handler = async ({ user, now }) => ({
           spent: (await takeMail(user, table, now)) ?? "none",
           used: await quotaUsed(table, now),
         });`,
        { xrayDaemon: lab().daemon.address, awsEndpoint: lab().gateway.url },
      );
      try {
        const midnight = Date.parse("2026-12-01T00:00:00.000Z");
        await lab().put("users", { ...ofUser("2026-11-30"), mails: ALERTS.mailsPerUserPerDay });
        await lab().put("users", { ...ofAll("2026-11-30"), mails: 49 });
        const take = async (now: number, user = "user-1") => (await probe.invoke({ user, now })).result;
        expect(await take(midnight - 1, "user-2")).toEqual({ spent: "none", used: 50 });
        expect(await take(midnight - 1)).toEqual({ spent: "user_quota", used: 50 });
        expect(await take(midnight)).toEqual({ spent: "none", used: 1 });
      } finally {
        await probe.stop();
      }
    });

    test("a quota that cannot be counted fails the mail, which is tried again", async () => {
      let refusals = 0;
      lab().gateway.failWhen(({ operation, input }) => {
        if (operation !== "UpdateItem" || !JSON.stringify(input["Key"]).includes("MAILS#")) return undefined;
        refusals += 1;
        return refusals === 1 ? broken : undefined;
      });
      const { attempts } = await lab().runAsync("notification", snsEvent(alertMessage()));
      expect(attempts.map(({ error, result }) => error?.name ?? result)).toEqual([
        "AccessDeniedException",
        { sent: 1, suppressed: 0 },
      ]);
      expect(await counted()).toEqual({ user: [1], all: [1] });
    });
  });
});
