import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { HEADERS } from "../../contract/headers";
import { ApiLab } from "../support/api-lab";
import { launchChromium } from "../support/chromium";
import { describeWith } from "../support/tools";

const ROOT = "1-6717f6a1-0123456789abcdef01234567";

/** What a script of a page got of an answer; `error` when the browser gave it none. */
interface Got {
  readonly status?: number;
  readonly trace?: string | null;
  readonly retry?: string | null;
  readonly body?: Record<string, unknown>;
  readonly error?: string;
}

/** Runs in the browser, hence text: this project compiles without browser types. */
const ASK = `async ({ url, init, trace }) => {
  try {
    const response = await fetch(url, init);
    return {
      status: response.status,
      trace: response.headers.get(trace),
      retry: response.headers.get("retry-after"),
      body: response.status === 204 ? {} : await response.json(),
    };
  } catch (error) {
    return { error: error.name };
  }
}`;

/** A server of one page, and its origin. */
async function pageServer(): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer((_incoming, outgoing) => {
    outgoing.writeHead(200, { "content-type": "text/html" }).end("<title>A page</title>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, origin: `http://localhost:${(server.address() as AddressInfo).port}` };
}

describeWith(["moto", "chromium"], "pages of other origins in a browser", () => {
  let lab: ApiLab;
  let browser: Browser;
  let page: Page;
  let listed: Awaited<ReturnType<typeof pageServer>>;
  let other: Awaited<ReturnType<typeof pageServer>>;
  let token = "";

  beforeAll(async () => {
    [listed, other] = [await pageServer(), await pageServer()];
    lab = await ApiLab.start({ CORS_ORIGINS: `https://news.example,${listed.origin}` });
    token = await lab.session();
    browser = await launchChromium();
    page = await browser.newPage();
  });

  beforeEach(async () => {
    lab.clear();
    await page.goto(listed.origin);
  });

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
    for (const one of [listed, other]) one?.server.close();
  });

  const ask = (method: string, path: string, body?: unknown): Promise<Got> => {
    const headers = {
      authorization: `Bearer ${token}`,
      [HEADERS.traceId]: `Root=${ROOT}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return page.evaluate(
      `(${ASK})(${JSON.stringify({ url: `${lab.gateway.url}${path}`, init, trace: HEADERS.traceId })})`,
    );
  };

  test("D30 FE-1 a script sends its trace header and reads the answer's, after one preflight", async () => {
    expect(await ask("GET", "/api/v2/configurations")).toEqual({
      ...{ status: 200, trace: `Root=${ROOT}`, retry: null },
      body: { configurations: [] },
    });
    expect(lab.gateway.records.map(({ method }) => method)).toEqual(["OPTIONS", "GET"]);
  });

  test("D30 FE-1 every method of the contract passes the browser's preflight", async () => {
    const made = await ask("POST", "/api/v2/configurations", { name: "One", tickers: [{ symbol: "A" }] });
    const path = `/api/v2/configurations/${String(made.body?.["id"])}`;
    expect([made.status, (await ask("PATCH", path, { name: "Two" })).status]).toEqual([201, 200]);
    expect((await ask("DELETE", path)).status).toBe(204);
  });

  test("D30 a script reads what went wrong, when to come back, and the trace id of it", async () => {
    lab.pipeline.gateway.failWhen(({ operation }) =>
      operation === "PutItem" ? { status: 400, code: "ThrottlingException", message: "too fast" } : undefined,
    );
    const got = await ask("POST", "/api/v2/configurations", { name: "One", tickers: [{ symbol: "A" }] });
    expect(got).toMatchObject({ status: 429, trace: `Root=${ROOT}`, retry: "30", body: { trace_id: ROOT } });
  });

  test("FE-1 a script reads the gateway's own errors too", async () => {
    lab.gateway.failWhen((method) => (method === "GET" ? { status: 504 } : undefined));
    expect(await ask("GET", "/api/v2/alerts")).toMatchObject({ status: 504, trace: `Root=${ROOT}` });
  });

  test("FE-1 the browser gives a page of an unlisted origin nothing", async () => {
    await page.goto(other.origin);
    expect(await ask("GET", "/api/v2/configurations")).toEqual({ error: "TypeError" });
    expect(lab.gateway.records.map(({ method }) => method)).toEqual(["OPTIONS"]);
  });
});
