import { StubVendor } from "../../lab/runtime/stub-vendors";

describe("StubVendor", () => {
  let vendor: StubVendor;

  beforeAll(async () => {
    vendor = await StubVendor.start();
  });

  afterAll(async () => {
    await vendor.stop();
  });

  test("answers by query and keeps what it was asked", async () => {
    vendor.script((query) =>
      query.get("symbol") === "A" ? { kind: "articles", articles: [1] } : { kind: "status", status: 503 },
    );
    expect(await (await fetch(`${vendor.url}/news?symbol=A`)).json()).toEqual([1]);
    expect((await fetch(`${vendor.url}/news?symbol=B`)).status).toBe(503);
    expect(vendor.calls.map(({ path, query }) => [path, query.get("symbol")])).toEqual([
      ["/news", "A"],
      ["/news", "B"],
    ]);
  });

  test("sends as many bytes as scripted", async () => {
    vendor.script({ kind: "huge", bytes: 3_000_000 });
    expect((await (await fetch(vendor.url)).text()).length).toBe(3_000_004);
  });

  test("a hanging answer ends with the server", async () => {
    const hanging = await StubVendor.start();
    hanging.script({ kind: "hang" });
    const request = fetch(hanging.url);
    const outcome = expect(request).rejects.toThrow();
    while (hanging.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await hanging.stop();
    await outcome;
  });
});
