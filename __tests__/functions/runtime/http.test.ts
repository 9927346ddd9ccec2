import { fetchJson, type HttpError } from "../../../functions/runtime/http";
import { type Script, StubVendor } from "../../../lab/runtime/stub-vendors";

describe("fetchJson", () => {
  let vendor: StubVendor;

  beforeAll(async () => {
    vendor = await StubVendor.start();
  });

  afterAll(async () => {
    await vendor.stop();
  });

  const get = (timeoutMs = 5000) =>
    fetchJson(new URL(`${vendor.url}/news?token=key-in-query`), { timeoutMs });

  async function failureOf(script: Script, timeoutMs?: number): Promise<HttpError> {
    vendor.script(script);
    return get(timeoutMs).then(
      () => Promise.reject(new Error("the request succeeded")),
      (error: HttpError) => error,
    );
  }

  test("gives parsed JSON and the status", async () => {
    vendor.script({ kind: "articles", articles: [1, 2] });
    expect(await get()).toEqual({ status: 200, json: [1, 2] });
  });

  const failures: readonly (readonly [Script, string, number | undefined])[] = [
    [{ kind: "status", status: 429 }, "rate-limited", 429],
    [{ kind: "status", status: 401 }, "unauthorized", 401],
    [{ kind: "status", status: 403 }, "unauthorized", 403],
    [{ kind: "status", status: 503 }, "server-error", 503],
    [{ kind: "status", status: 404 }, "unexpected-status", 404],
    [{ kind: "status", status: 302 }, "unexpected-status", 302],
    [{ kind: "empty" }, "malformed", 200],
    [{ kind: "truncated" }, "malformed", 200],
    [{ kind: "huge", bytes: 20 * 1024 * 1024 }, "too-large", 200],
    [{ kind: "hang" }, "timeout", undefined],
  ];

  test.each(failures)("%j fails as %s", async (script, failure, status) => {
    // Only who waits for the limit needs a short one; a busy machine takes its time over 20 MB.
    const error = await failureOf(script, failure === "timeout" ? 400 : 30_000);
    expect(error).toMatchObject({ name: "HttpError", failure, status });
    expect(error.message).not.toMatch(/key-in-query|scripted|Half an art/);
  });

  test("a server that is not there fails as unreachable", async () => {
    const gone = await StubVendor.start();
    const url = new URL(gone.url);
    await gone.stop();
    await expect(fetchJson(url, { timeoutMs: 1000 })).rejects.toMatchObject({ failure: "unreachable" });
  });
});
