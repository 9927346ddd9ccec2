import { type HttpError, postJson } from "../../../functions/runtime/http";
import { type MailScript, StubMail } from "../../../lab/runtime/stub-mail";
import { httpStub } from "../../support/http-stub";

describe("postJson", () => {
  let server: StubMail;

  beforeAll(async () => {
    server = await StubMail.start();
  });

  afterAll(async () => {
    await server.stop();
  });

  const JSON_SENT = { subject: "private words" };
  const headers = { authorization: "Bearer private-key" };

  const post = (timeoutMs = 5000, base = server.url) =>
    postJson(new URL(`${base}/send`), JSON_SENT, { headers, timeoutMs });

  async function failureOf(sending: Promise<unknown>): Promise<HttpError> {
    return sending.then(
      () => Promise.reject(new Error("the request succeeded")),
      (error: HttpError) => error,
    );
  }

  test("sends JSON and gives the status", async () => {
    server.script({ kind: "accepted" });
    expect(await post()).toBe(202);
    expect(server.calls[0]).toMatchObject({
      method: "POST",
      path: "/send",
      headers: { authorization: "Bearer private-key", "content-type": "application/json" },
      mail: JSON_SENT,
    });
  });

  const failures: readonly (readonly [MailScript, string, number | undefined])[] = [
    [{ kind: "status", status: 400 }, "unexpected-status", 400],
    [{ kind: "status", status: 401 }, "unauthorized", 401],
    [{ kind: "status", status: 429 }, "rate-limited", 429],
    [{ kind: "status", status: 500 }, "server-error", 500],
    [{ kind: "garbage" }, "unreachable", undefined],
    [{ kind: "hang" }, "timeout", undefined],
  ];

  test.each(failures)(
    "%j fails as %s, without a word of the request or the answer",
    async (script, failure, status) => {
      server.script(script);
      const error = await failureOf(post(400));
      expect(error).toMatchObject({ name: "HttpError", failure, status });
      expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toMatch(/private/);
    },
  );

  test("a redirect is not followed: it could lead the key elsewhere", async () => {
    const elsewhere = await StubMail.start();
    const redirecting = await httpStub((_, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/send` }).end();
    });
    try {
      const error = await failureOf(post(5000, `http://${redirecting.host}`));
      expect(error).toMatchObject({ failure: "unexpected-status", status: 307 });
      expect(elsewhere.calls).toEqual([]);
    } finally {
      await Promise.all([redirecting.stop(), elsewhere.stop()]);
    }
  });

  test("an answer without end is not waited for", async () => {
    const endless = await httpStub((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("x".repeat(1000)), 5);
      response.once("close", () => clearInterval(timer));
    });
    try {
      expect(await post(5000, `http://${endless.host}`)).toBe(200);
    } finally {
      await endless.stop();
    }
  });

  const inAnHour = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3600_000).toUTCString();

  test.each([
    ["7", 7000, 7000],
    ["0", 0, 0],
    [inAnHour, 3_500_000, 3_601_000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0, 0],
  ])("Retry-After: %s is read", async (retryAfter, least, most) => {
    server.script({ kind: "status", status: 429, retryAfter });
    const { retryAfterMs = Number.NaN } = await failureOf(post());
    expect(retryAfterMs).toBeGreaterThanOrEqual(least);
    expect(retryAfterMs).toBeLessThanOrEqual(most);
  });

  test.each(["soon", "", "-5", "7.5", "1e99", "soon GMT"])(
    "Retry-After: %j asks for nothing",
    async (retryAfter) => {
      server.script({ kind: "status", status: 429, retryAfter });
      expect((await failureOf(post())).retryAfterMs).toBeUndefined();
    },
  );
});
