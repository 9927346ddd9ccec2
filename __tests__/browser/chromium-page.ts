import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { StreamOptions } from "../../browser/sse-client";
import type { StreamEvent } from "../../browser/stream-event";
import type { ConnectionRecord } from "../../browser/stream-state";
import { buildBrowser } from "../../tooling/browser/build";
import { launchChromium } from "../support/chromium";

const ROOT = resolve(__dirname, "..", "..");
const PAGE = `<!doctype html><title>streams</title><script type="module">
  import { openStream } from "/sse-client.js";
  globalThis.told = {};
  globalThis.watch = (name, url, options) => {
    const told = (globalThis.told[name] = { events: [], states: [], connections: [] });
    told.stream = openStream(url, {
      ...options,
      onEvent: (event) => told.events.push(event),
      onState: (state, reason) => told.states.push(state + " " + reason),
      onConnection: (one) => told.connections.push({ ...one, at: Date.now(), error: one.error?.name }),
    });
  };
</script>`;

/** What a stream in the page told. */
export interface Told {
  readonly events: readonly StreamEvent[];
  readonly states: readonly string[];
  /** Every call of `onConnection`; the name of an error, and when it was called in milliseconds since the epoch. */
  readonly connections: readonly (ConnectionRecord & { readonly at: number })[];
}

/** A page in Chromium that opens streams with the client as it is published. */
export class ChromiumPage {
  readonly problems: string[] = [];

  private constructor(
    readonly browser: Browser,
    readonly page: Page,
    readonly server: Server,
    readonly directory: string,
  ) {
    page.on("pageerror", (error) => this.problems.push(error.message));
  }

  /** Starts Chromium; what the page asks of its own origin, besides itself, goes to `answer`. */
  static async start(
    answer: (incoming: IncomingMessage, response: ServerResponse) => void,
  ): Promise<ChromiumPage> {
    const directory = mkdtempSync(join(tmpdir(), "tracewright-browser-"));
    await buildBrowser(ROOT, directory);
    const client = readFileSync(join(directory, "sse-client.js"));
    const server = createServer((incoming, response) => {
      if (incoming.url === "/") response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
      else if (incoming.url === "/sse-client.js") {
        response.writeHead(200, { "content-type": "text/javascript" }).end(client);
      } else if (incoming.url === "/favicon.ico") response.writeHead(204).end();
      else answer(incoming, response);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const browser = await launchChromium();
    const page = await browser.newPage();
    const opened = new ChromiumPage(browser, page, server, directory);
    await page.goto(`${opened.origin}/`);
    return opened;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Opens a stream under a name. */
  async watch(name: string, url: string, options: Omit<StreamOptions, "fetch"> = {}): Promise<void> {
    await this.page.evaluate(`watch(${[name, url, options].map((one) => JSON.stringify(one)).join(", ")})`);
  }

  /** What a stream has told so far. */
  async told(name: string): Promise<Told> {
    return this.page.evaluate<Told>(`({ ...told[${JSON.stringify(name)}], stream: undefined })`);
  }

  async close(name: string): Promise<void> {
    await this.page.evaluate(`told[${JSON.stringify(name)}].stream.close()`);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    rmSync(this.directory, { recursive: true, force: true });
  }
}
