import { StubMail } from "../../lab/runtime/stub-mail";

describe("StubMail", () => {
  let provider: StubMail;

  beforeAll(async () => {
    provider = await StubMail.start();
  });

  afterAll(async () => {
    await provider.stop();
  });

  const send = (subject: string) =>
    fetch(`${provider.url}/v3/mail/send`, { method: "POST", body: JSON.stringify({ subject }) });

  test("answers in the order of its script, the last answer again and again, and keeps what it was sent", async () => {
    provider.script({ kind: "status", status: 429, retryAfter: "3" }, { kind: "accepted" });
    const first = await send("one");
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "3"]);
    expect(await first.text()).toContain("one");
    expect([(await send("two")).status, (await send("three")).status]).toEqual([202, 202]);
    expect(provider.calls.map(({ method, path, mail }) => [method, path, mail.subject])).toEqual(
      ["one", "two", "three"].map((subject) => ["POST", "/v3/mail/send", subject]),
    );
  });

  test("garbage is no HTTP, and no answer ends with the server", async () => {
    provider.script({ kind: "garbage" });
    await expect(send("one")).rejects.toThrow();
    const hanging = await StubMail.start();
    hanging.script({ kind: "hang" });
    const outcome = expect(fetch(hanging.url, { method: "POST", body: "{}" })).rejects.toThrow();
    while (hanging.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await hanging.stop();
    await outcome;
  });
});
