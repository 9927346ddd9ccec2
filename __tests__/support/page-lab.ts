import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { HEADERS } from "../../contract/headers";
import { LocalApp, type LocalAppOptions } from "../../lab/page/local-app";
import type { PageFile } from "../../lab/page/page-server";
import { bundleFunctions } from "../../modules/function-bundle";
import { bundlePage } from "../../tooling/page/bundle";
import { launchChromium } from "./chromium";
import { ROOT } from "./pipeline-lab";
import { streamCode } from "./stream-code";
import { commandOf } from "./tools";

/** Nothing but this machine is reached. Interception would do it too, but then Playwright answers preflights itself. */
const THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1";

/** A header as it may leave a page: a root, perhaps a monitoring client's parent, and no decision. */
export const UNDECIDED = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}(;Parent=[0-9a-f]{16})?$/;

/** A request of a page to the API or the stream, preflights left out. */
export interface SentRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Value of the trace header. */
  readonly trace: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** The page with everything behind it, and a Chromium. */
export class PageLab {
  readonly app: LocalApp;
  readonly browser: Browser;
  /** What the page's server serves, by path; a test may change it and change it back. */
  readonly files: Map<string, PageFile>;

  private constructor(app: LocalApp, browser: Browser, files: Map<string, PageFile>) {
    this.app = app;
    this.browser = browser;
    this.files = files;
  }

  /** Starts with news every 300 ms, so that nothing waits for them. */
  static async start(change: Partial<LocalAppOptions> = {}): Promise<PageLab> {
    const folder = mkdtempSync(join(tmpdir(), "tracewright-page-lab-"));
    const files = new Map<string, PageFile>();
    const app = await LocalApp.start({
      python: commandOf("moto"),
      dashboardZip: bundleFunctions(ROOT, folder).dashboard.zipPath,
      streamCode: streamCode(),
      page: (addresses) => {
        const built = bundlePage({ root: ROOT, version: "test", monitorRegion: "us-east-1", ...addresses });
        for (const [path, file] of built) files.set(path, file);
        return files;
      },
      port: 0,
      newsEveryMs: 300,
      ...change,
    });
    const browser = await launchChromium(THIS_MACHINE);
    return new PageLab(app, browser, files);
  }

  /** A window of its own. */
  context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    return this.browser.newContext(options);
  }

  /** Opens the page and collects what it sends; closed with its context. */
  async open(
    context: BrowserContext,
  ): Promise<{ page: Page; sent: SentRequest[]; problems: string[]; log: string[] }> {
    const page = await context.newPage();
    const sent: SentRequest[] = [];
    const problems: string[] = [];
    const log: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => log.push(message.text()));
    page.on("request", async (request) => {
      const { origin, pathname } = new URL(request.url());
      if (origin === this.app.origin || !origin.startsWith("http:")) return;
      const headers = request.headers();
      sent.push({
        at: Date.now(),
        method: request.method(),
        path: pathname,
        trace: headers[HEADERS.traceId],
        headers,
      });
    });
    await page.goto(this.app.origin);
    return { page, sent, problems, log };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.app.stop();
  }
}

/** Waits until the page says that the stream is open. */
export async function live(page: Page): Promise<void> {
  await page.locator("#state[data-state=OPEN]").waitFor({ timeout: 20_000 });
}

/** Fills the form and sends it. */
export async function watch(page: Page, name: string, tickers: string): Promise<void> {
  await page.fill("#watch-name", name);
  await page.fill("#watch-tickers", tickers);
  await page.click("#watch button[type=submit]");
}
