import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { HEADERS } from "../../contract/headers";
import { SPANS } from "../../contract/spans";
import { STREAM_ROUTES } from "../../contract/streaming";
import type { SegmentDocument } from "../../lab/runtime/xray-daemon";
import { eventually } from "../support/eventually";
import { live, PageLab, type SentRequest, UNDECIDED, watch } from "../support/page-lab";
import { ROOT } from "../support/pipeline-lab";
import { describeWith } from "../support/tools";
import { axe } from "./axe";

const bare = (trace: string | undefined): string => (trace ?? "").slice("Root=".length).split(";")[0] ?? "";
const streamsIn = (sent: readonly SentRequest[]) => sent.filter(({ path }) => path === STREAM_ROUTES.global);

/** Whether a document lies below another, by however many others. */
function below(one: SegmentDocument, top: SegmentDocument, all: readonly SegmentDocument[]): boolean {
  if (one.parent_id === top.id || (top.subsegments ?? []).some(({ id }) => id === one.id)) return true;
  return all.some((parent) => parent.id === one.parent_id && below(parent, top, all));
}

/** What a script of the page can read of an answer of the API. */
const READ = async ({ url, header }: { url: string; header: string }): Promise<[number, string | null]> => {
  const response = await fetch(url);
  return [response.status, response.headers.get(header)];
};

describeWith(["chromium", "moto"], "the page in a browser", () => {
  let lab: PageLab;

  beforeAll(async () => {
    lab = await PageLab.start();
  });

  afterEach(() => {
    lab.app.api.reset();
    lab.app.stream.reset();
  });

  afterAll(() => lab?.stop());

  test("D1 D32 FE-3 one click is one trace, from the page over the API to the table, and every request has a root", async () => {
    const context = await lab.context();
    const { page, sent, problems } = await lab.open(context);
    await live(page);
    lab.app.daemon.clear();
    await watch(page, "Chips", "nvda, AMD");
    await page.locator("#configurations li").waitFor();
    const clicked = sent.slice(-3);
    expect(clicked.map(({ method, path }) => `${method} ${path.replace("/v1", "")}`)).toEqual([
      "POST /api/v2/auth/anonymous",
      "POST /api/v2/configurations",
      "GET /api/v2/configurations",
    ]);
    for (const { trace } of sent) expect(trace).toMatch(UNDECIDED);
    expect(new Set(clicked.map(({ trace }) => trace)).size).toBe(1);
    expect(new Set(sent.map(({ trace }) => trace)).size).toBe(sent.length - 2);
    const id = bare(clicked[0]?.trace);
    const shown = await page.locator("#calls code").allTextContents();
    expect(shown.filter((text) => text === id)).toHaveLength(3);
    const documents = (await lab.app.daemon.settled()).filter(({ trace_id }) => trace_id === id);
    const routes = documents.filter(({ name }) => name === SPANS.route);
    expect(routes.map(({ annotations }) => annotations?.["http_route"])).toEqual([
      "/api/v2/auth/anonymous",
      "/api/v2/configurations",
      "/api/v2/configurations",
    ]);
    const tables = documents.filter(({ name }) => name === "DynamoDB");
    for (const route of routes) expect(tables.some((one) => below(one, route, documents))).toBe(true);
    const text = await (await fetch(`${lab.app.origin}/lab/traces/${id}`)).text();
    expect(text).toMatch(/handle_route[\s\S]+DynamoDB PutItem/);
    expect(problems).toEqual([]);
    await context.close();
  });

  test("D30 FE-1 a script reads the trace id of successes, refusals and errors of the gateway, and of the stream", async () => {
    const context = await lab.context();
    const { page, sent } = await lab.open(context);
    await live(page);
    const base = lab.app.api.url;
    const header = HEADERS.traceId;
    expect(await page.evaluate(READ, { url: `${base}/api/v2/runtime`, header })).toEqual([
      200,
      expect.stringContaining("Root=1-"),
    ]);
    expect(await page.evaluate(READ, { url: `${base}/api/v2/articles`, header })).toEqual([
      401,
      expect.stringContaining("Root=1-"),
    ]);
    lab.app.api.failWhen((method) => (method === "OPTIONS" ? undefined : { status: 500 }));
    const [status, value] = await page.evaluate(READ, { url: `${base}/api/v2/runtime`, header });
    expect(status).toBe(500);
    expect(bare(value ?? undefined)).toBe(bare(sent.at(-1)?.trace));
    expect(await page.evaluate(READ, { url: lab.app.stream.url + STREAM_ROUTES.status, header })).toEqual([
      200,
      expect.stringContaining("Root=1-"),
    ]);
    const stream = await page.locator("#connections code").first().textContent();
    expect(stream).toBe(bare(streamsIn(sent)[0]?.trace));
    await context.close();
  });

  test("D33 CLI-4 after a reset the page connects with a new root, tells the one before and shows both", async () => {
    const context = await lab.context();
    const { page, sent } = await lab.open(context);
    await live(page);
    await page.locator("#tickers th[scope=row]").first().waitFor();
    lab.app.stream.cut();
    await page.locator("#connections tr").nth(1).waitFor({ timeout: 15_000 });
    await live(page);
    const [first, second] = streamsIn(sent);
    expect(second?.trace).toMatch(UNDECIDED);
    expect(second?.trace).not.toBe(first?.trace);
    expect(second?.headers[HEADERS.previousTrace]).toBe(bare(first?.trace));
    expect(second?.headers[HEADERS.sessionId]).toBe(first?.headers[HEADERS.sessionId]);
    expect([first, second].map((one) => one?.headers[HEADERS.connectionSequence])).toEqual(["1", "2"]);
    expect(second?.headers[HEADERS.lastEventId]).toMatch(/^\d+-\d+$/);
    expect(await page.locator("#connections code").allTextContents()).toEqual([
      bare(second?.trace),
      bare(first?.trace),
    ]);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.click("#connections tr:last-child button");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(bare(first?.trace));
    await context.close();
    const hex = bare(first?.trace).slice(2).replace("-", "");
    await eventually("the trace of the ended stream", () =>
      lab.app.collector.spans.find(({ traceId }) => traceId === hex),
    );
  });

  test("D19 D34 a configuration's stream is followed with the session's token, at the address the API names", async () => {
    const context = await lab.context();
    const { page, sent } = await lab.open(context);
    await live(page);
    await watch(page, "<b>Mine</b>", "TSLA");
    await page.selectOption("#shown", { label: "<b>Mine</b>" });
    await page.locator("#tickers th[scope=row]").first().waitFor();
    expect(await page.locator("#tickers th[scope=row]").allTextContents()).toEqual(["TSLA"]);
    // The stream that was left ended by this page, and says so.
    expect(await page.locator("#connections tr[data-ending]").count()).toBe(2);
    expect(await page.locator("#connections tr[data-ending=open]").count()).toBe(1);
    expect(await page.locator("#configurations strong").textContent()).toBe("<b>Mine</b>");
    const own = sent.at(-1);
    expect(own?.path).toMatch(/^\/api\/v2\/configurations\/[0-9a-f-]+\/stream$/);
    expect(own?.headers["authorization"]).toMatch(/^Bearer /);
    expect(lab.app.stream.requests.at(-1)?.path).toBe(own?.path);
    await page.click("#configurations button");
    await page.locator("#configurations li").waitFor({ state: "detached" });
    expect(await page.inputValue("#shown")).toBe("");
    await context.close();
  });

  test("says what is wrong with tickers beside the field, and keeps what was typed", async () => {
    const context = await lab.context();
    const { page } = await lab.open(context);
    await watch(page, "Odd", "A B C D E F");
    expect(await page.textContent("#watch-error")).toContain("1 to 5 tickers");
    await watch(page, "Odd", "not_a_ticker");
    await page.locator("#watch-error:has-text('as they are traded')").waitFor();
    expect(await page.inputValue("#watch-tickers")).toBe("not_a_ticker");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("watch-tickers");
    await context.close();
  });

  test("shows a failure with its trace, and says that the API is unreachable until it is back", async () => {
    const context = await lab.context();
    const { page, sent } = await lab.open(context);
    await live(page);
    lab.app.api.failWhen((method) => (method === "OPTIONS" ? undefined : { status: 503 }));
    for (let times = 1; times <= 3; times += 1) {
      await watch(page, "Chips", "NVDA");
      await page.locator("#calls tr").nth(times).waitFor();
    }
    await page.locator("#banner:not([hidden])").waitFor();
    expect(await page.locator(".problem").count()).toBe(1);
    expect(await page.locator(".problem code").first().textContent()).toBe(bare(sent.at(-1)?.trace));
    expect(await page.textContent("#banner")).toContain("unreachable");
    lab.app.api.reset();
    await watch(page, "Chips", "NVDA");
    await page.locator("#banner").waitFor({ state: "hidden" });
    await page.locator(".problem").waitFor({ state: "detached" });
    await context.close();
  });

  test("starts another session when the API no longer knows the one it had", async () => {
    const context = await lab.context();
    const { page, sent } = await lab.open(context);
    await watch(page, "Chips", "NVDA");
    await page.locator("#configurations li").waitFor();
    lab.app.api.failWhen((method) => (method === "OPTIONS" ? undefined : { status: 401 }));
    await watch(page, "More", "TSLA");
    await page.locator(".problem").waitFor();
    lab.app.api.reset();
    await page.click("#watch button[type=submit]");
    await page.locator("#configurations li", { hasText: "More" }).waitFor();
    expect(sent.filter(({ path }) => path.endsWith("/anonymous"))).toHaveLength(2);
    await context.close();
  });

  test("FE-3 works without randomness; its requests have no header then", async () => {
    const context = await lab.context();
    await context.addInitScript(() => {
      crypto.getRandomValues = () => {
        throw new Error("no entropy");
      };
    });
    const { page, sent, problems } = await lab.open(context);
    await live(page);
    await page.locator("#tickers th[scope=row]").first().waitFor();
    expect(sent.map(({ trace }) => trace)).toEqual(sent.map(() => undefined));
    expect(sent.length).toBeGreaterThanOrEqual(2);
    expect(problems).toEqual([]);
    await context.close();
  });

  test("is operated by keyboard alone", async () => {
    const context = await lab.context();
    const { page } = await lab.open(context);
    await live(page);
    const reached: string[] = [];
    for (let times = 0; times < 12; times += 1) {
      await page.keyboard.press("Tab");
      reached.push(
        await page.evaluate(() => document.activeElement?.id || document.activeElement?.className || ""),
      );
      if (reached.at(-1) === "watch-tickers") break;
    }
    expect(reached).toEqual(["skip", "shown", "wide", "watch-name", "watch-tickers"]);
    const outline = await page.evaluate(
      () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
    );
    expect(outline).toBe("solid");
    await page.keyboard.type("AAPL");
    await page.keyboard.press("Enter");
    await page.locator("#configurations li").waitFor();
    await context.close();
  });

  test("causes every fault of the lab by button, and is live again when all is mended", async () => {
    const context = await lab.context();
    const { page, problems } = await lab.open(context);
    await live(page);
    const labels = await page.locator("#faults button").allTextContents();
    expect(labels.length).toBeGreaterThan(6);
    for (const label of labels) {
      await page.click(`#faults button:text-is("${label.replaceAll('"', "")}")`);
      await page.locator("#lab-said", { hasText: `Done: ${label}.` }).waitFor();
    }
    await page.locator('#connections tr[data-ending="network"]').first().waitFor();
    await live(page);
    expect(problems).toEqual([]);
    await context.close();
  });

  describe("full of everything", () => {
    let page: Page;
    let log: readonly string[];

    beforeAll(async () => {
      ({ page, log } = await lab.open(await lab.context()));
      await live(page);
      await page.locator("#tickers th[scope=row]").nth(3).waitFor();
      await watch(page, "Chips", "NVDA, AMD");
      await page.locator("#configurations li").waitFor();
      lab.app.api.failWhen((method) => (method === "OPTIONS" ? undefined : { status: 500 }));
      await watch(page, "More", "TSLA");
      await page.locator(".problem").waitFor();
    });

    afterAll(() => page?.context().close());

    test.each([
      [1280, "light"],
      [1280, "dark"],
      [390, "light"],
      [390, "dark"],
    ] as const)(
      "D7 at %i px, %s, axe finds nothing serious, and nothing is wider than the window",
      async (width, colorScheme) => {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        mkdirSync(join(ROOT, "build", "page"), { recursive: true });
        await page.screenshot({
          path: join(ROOT, "build", "page", `${width}-${colorScheme}.png`),
          fullPage: true,
        });
        expect(overflow).toBe(0);
        expect(await axe(page)).toEqual([]);
        expect(log.filter((line) => line.includes("Content Security Policy"))).toEqual([]);
      },
    );
  });
});
