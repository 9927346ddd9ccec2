import type { IncomingMessage, ServerResponse } from "node:http";
import { LoopbackServer } from "./loopback-server";

/** What a stub vendor answers. */
export type Script =
  | { readonly kind: "articles"; readonly articles: readonly unknown[] }
  | { readonly kind: "empty" }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "truncated" }
  | { readonly kind: "huge"; readonly bytes: number }
  | { readonly kind: "hang" };

/** Picks the answer to one request. */
export type Scripted = (query: URLSearchParams) => Script;

/** A request a stub vendor received. */
export interface VendorCall {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
}

/** A real HTTP server on loopback that plays a news vendor. */
export class StubVendor {
  readonly #server = new LoopbackServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? "/", "http://vendor");
    this.#calls.push({ path: url.pathname, query: url.searchParams, headers: incoming.headers });
    play(this.#answer(url.searchParams), outgoing);
  });
  #answer: Scripted = () => ({ kind: "articles", articles: [] });
  #calls: VendorCall[] = [];

  /** Starts on a free port of loopback, answering with no articles. */
  static async start(): Promise<StubVendor> {
    const vendor = new StubVendor();
    await vendor.#server.listen();
    return vendor;
  }

  /** Base URL, without a slash at the end. */
  get url(): string {
    return this.#server.url;
  }

  /** Requests since the last {@link script}. */
  get calls(): readonly VendorCall[] {
    return this.#calls;
  }

  /** Sets what is answered from now on and forgets earlier requests. */
  script(answer: Script | Scripted): void {
    this.#answer = typeof answer === "function" ? answer : () => answer;
    this.#calls = [];
  }

  /** Closes the server and its connections, hanging ones included. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }
}

function play(script: Script, outgoing: ServerResponse): void {
  const json = { "content-type": "application/json" };
  switch (script.kind) {
    case "articles":
      outgoing.writeHead(200, json).end(JSON.stringify(script.articles));
      return;
    case "empty":
      outgoing.writeHead(200, json).end();
      return;
    case "status":
      outgoing.writeHead(script.status, json).end('{"detail":"scripted"}');
      return;
    case "truncated":
      outgoing.writeHead(200, json).end('[{"title": "Half an art');
      return;
    case "huge":
      outgoing.writeHead(200, json).end(`["${"x".repeat(script.bytes)}"]`);
      return;
    case "hang":
      // Neither answered nor closed: the caller's own timeout has to end it.
      return;
  }
}
