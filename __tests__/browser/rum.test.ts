import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { HEADER_REFUSED_LINE, PAGE_MONITORING, RUM_FAILED_LINE, RUM_TIMEOUT_LINE } from "../../contract/page";
import { STREAM_ROUTES } from "../../contract/streaming";
import { tracewright } from "../support/cli";
import { live, PageLab, UNDECIDED, watch } from "../support/page-lab";
import { strictCors } from "../support/strict-cors";
import { describeWith } from "../support/tools";

const folder = mkdtempSync(join(tmpdir(), "tracewright-visits-"));
const OWN_ROOT = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const CLIENT = /^\/rum-client-[^/]+\.js$/;

interface Verdict {
  readonly findings: readonly { readonly what: string; readonly verdict: string; readonly found: string }[];
}

describeWith(["chromium", "moto"], "a monitored page in a browser", () => {
  let lab: PageLab;
  let refusing: Awaited<ReturnType<typeof strictCors>>;

  beforeAll(async () => {
    refusing = await strictCors(() => lab.app.api.url);
    lab = await PageLab.start({ monitor: { sampleRate: 1 } });
  });

  afterAll(async () => {
    await refusing?.stop();
    await lab?.stop();
  });

  /** Judges a visit as an operator would. */
  const gate = (visit: string, api = lab.app.api.url) => {
    const { code, stdout, stderr } = tracewright([
      "gate",
      "frontend",
      "--visit",
      visit,
      "--api",
      api,
      "--stream",
      lab.app.stream.url,
      "--json",
    ]);
    if (stdout === "") throw new Error(stderr);
    return { code, ...(JSON.parse(stdout) as Verdict) };
  };

  const text = (path: string): string => Buffer.from(lab.files.get(path)?.bytes ?? []).toString("utf8");
  const clientPath = (): string => [...lab.files.keys()].find((path) => CLIENT.test(path)) ?? "none";

  /** Serves other files for a while; `undefined` takes one away. */
  const withFiles = async (
    change: Readonly<Record<string, string | undefined>>,
    act: () => Promise<void>,
  ): Promise<void> => {
    const before = new Map(lab.files);
    for (const [path, content] of Object.entries(change)) {
      const file = before.get(path);
      if (content === undefined || file === undefined) lab.files.delete(path);
      else lab.files.set(path, { ...file, bytes: Buffer.from(content) });
    }
    try {
      await act();
    } finally {
      for (const [path, file] of before) lab.files.set(path, file);
    }
  };

  /** A line on which the page comes within seconds and the monitoring client does not. */
  const slow = (context: BrowserContext): void => {
    context.on("page", async (page) => {
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      const line = { offline: false, latency: 50, downloadThroughput: 12_000, uploadThroughput: 12_000 };
      await session.send("Network.emulateNetworkConditions", line);
    });
  };

  const recording = (name: string): Promise<BrowserContext> =>
    lab.context({ recordHar: { path: join(folder, name), content: "omit" } });

  test("D35 D32 R-22 FE-5 RUM owns the header of the API's requests, the page the stream's, and no decision leaves", async () => {
    const context = await recording("monitored.har");
    const { page, sent, problems, log } = await lab.open(context);
    await live(page);
    await watch(page, "Chips", "NVDA");
    await page.locator("#configurations li").waitFor();
    const monitored = sent.filter(({ path }) => /anonymous|configurations/.test(path));
    expect(monitored).toHaveLength(3);
    for (const { trace } of monitored) expect(trace).toMatch(/^Root=1-[0-9a-f-]{33};Parent=[0-9a-f]{16}$/);
    for (const { trace } of sent) expect(trace).toMatch(UNDECIDED);
    const streams = sent.filter(({ path }) => path === STREAM_ROUTES.global);
    expect(streams[0]?.trace).toMatch(OWN_ROOT);
    const shown = await page.locator("#calls code").allTextContents();
    for (const { trace } of monitored) expect(shown).toContain(trace?.slice("Root=".length).split(";")[0]);
    expect(log.filter((line) => line.startsWith("{"))).toEqual([]);
    // Without AWS the client has nowhere to report, and says so itself.
    expect(problems.filter((problem) => !problem.startsWith("CWR:"))).toEqual([]);
    await watch(page, "More", "TSLA");
    await page.locator("#configurations li").nth(1).waitFor();
    await watch(page, "Most", "META");
    await page.locator(".problem").waitFor();
    lab.app.stream.plan({ remainingMs: 6000 });
    await page.selectOption("#shown", { label: "Chips" });
    await live(page);
    await context.close();
    const { code, findings } = gate(join(folder, "monitored.har"));
    expect(findings.filter(({ verdict }) => verdict !== "passed")).toEqual([]);
    expect(code).toBe(0);
    lab.app.stream.reset();
  });

  test("FE-5 a client that is late on a slow line is waited for five seconds, then the page goes on and says so", async () => {
    const context = await lab.context();
    slow(context);
    const { page, sent, log } = await lab.open(context);
    await live(page);
    const [runtime, stream] = [/runtime$/, /stream$/].map((path) => sent.find((one) => path.test(one.path)));
    const waited = (stream?.at ?? 0) - (runtime?.at ?? 0);
    expect(waited).toBeGreaterThanOrEqual(PAGE_MONITORING.waitMs);
    expect(waited).toBeLessThan(2 * PAGE_MONITORING.waitMs);
    expect(log.filter((line) => line.startsWith("{"))).toEqual([JSON.stringify(RUM_TIMEOUT_LINE)]);
    expect(JSON.stringify(RUM_TIMEOUT_LINE)).toBe('{"rum_init_timeout":true,"delay_ms":5000}');
    await context.close();
  });

  test("FE-5 a blocked client is not waited for, and the page works with its own header", async () => {
    await withFiles({ [clientPath()]: undefined }, async () => {
      const context = await lab.context();
      const { page, sent, log } = await lab.open(context);
      await live(page);
      await watch(page, "Chips", "NVDA");
      await page.locator("#configurations li").waitFor();
      const [runtime, stream] = [/runtime$/, /stream$/].map((path) =>
        sent.find((one) => path.test(one.path)),
      );
      expect((stream?.at ?? 0) - (runtime?.at ?? 0)).toBeLessThan(PAGE_MONITORING.waitMs);
      for (const { trace } of sent) expect(trace).toMatch(OWN_ROOT);
      expect(log.filter((line) => line.startsWith("{"))).toEqual([JSON.stringify(RUM_FAILED_LINE)]);
      await context.close();
    });
  });

  test("FE-5 the page follows the stream when its CORS refuses the headers, and the gate fails", async () => {
    lab.app.stream.plan({ allowedHeaders: ["authorization", "last-event-id"] });
    const context = await recording("untraced.har");
    const { page, sent, log } = await lab.open(context);
    await live(page);
    const streams = sent.filter(({ path }) => path === STREAM_ROUTES.global);
    expect(streams.at(-1)?.trace).toBeUndefined();
    expect(log).toContain(JSON.stringify(HEADER_REFUSED_LINE));
    await context.close();
    const { code, findings } = gate(join(folder, "untraced.har"));
    const failed = findings.filter(({ verdict }) => verdict === "failed").map(({ what }) => what);
    expect(failed).toContain("connections to the stream with the trace header");
    expect(code).toBe(1);
    lab.app.stream.reset();
  });

  test("FE-5 the page works when CORS refuses the header, and the gate fails", async () => {
    const elsewhere = `http://${refusing.host}`;
    const index = text("/index.html").replaceAll(new URL(lab.app.api.url).origin, elsewhere);
    await withFiles({ "/index.html": index }, async () => {
      const context = await recording("refused.har");
      const { page, log } = await lab.open(context);
      await live(page);
      await watch(page, "Chips", "NVDA");
      await page.locator("#configurations li").waitFor();
      expect(log).toContain(JSON.stringify(HEADER_REFUSED_LINE));
      await context.close();
      const { code, findings } = gate(join(folder, "refused.har"), elsewhere);
      expect(findings.filter(({ verdict }) => verdict === "failed").map(({ what }) => what)).toEqual([
        "requests to the API with the trace header",
        "requests that were answered",
      ]);
      expect(code).toBe(1);
    });
  });
});
