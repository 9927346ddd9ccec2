import type { IncomingMessage, ServerResponse } from "node:http";
import { LoopbackServer } from "./loopback-server";

/** What the stub provider answers to one request. */
export type MailScript =
  | { readonly kind: "accepted" }
  /** An answer that repeats the whole request, as careless servers do; `retryAfter` becomes the header. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: "hang" }
  /** Bytes that are not HTTP. */
  | { readonly kind: "garbage" };

/** A mail the stub provider was asked to send. */
export interface MailCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** Parsed from the body. */
  readonly mail: {
    readonly personalizations: readonly { readonly to: readonly { readonly email: string }[] }[];
    readonly from: { readonly email: string };
    readonly subject: string;
    readonly content: readonly { readonly type: string; readonly value: string }[];
  };
}

/** A real HTTP server on loopback that plays the mail provider. */
export class StubMail {
  readonly #server = new LoopbackServer((incoming, outgoing) => this.#handle(incoming, outgoing));
  #scripts: readonly MailScript[] = [{ kind: "accepted" }];
  #calls: MailCall[] = [];

  /** Starts on a free port of loopback, accepting every mail. */
  static async start(): Promise<StubMail> {
    const mail = new StubMail();
    await mail.#server.listen();
    return mail;
  }

  /** Base URL, without a slash at the end. */
  get url(): string {
    return this.#server.url;
  }

  /** Requests since the last {@link script}. */
  get calls(): readonly MailCall[] {
    return this.#calls;
  }

  /** Sets the answers to the next requests, the last of them for all that follow, and forgets earlier requests. */
  script(...scripts: readonly [MailScript, ...MailScript[]]): void {
    this.#scripts = scripts;
    this.#calls = [];
  }

  /** Closes the server and its connections, hanging ones included. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const { method = "", url = "", headers } = incoming;
    const script = this.#scripts[Math.min(this.#calls.length, this.#scripts.length - 1)];
    this.#calls.push({ method, path: url, headers, mail: JSON.parse(body) as MailCall["mail"] });
    play(script ?? { kind: "accepted" }, `${headers.authorization} ${body}`, outgoing);
  }
}

function play(script: MailScript, request: string, outgoing: ServerResponse): void {
  switch (script.kind) {
    case "accepted":
      outgoing.writeHead(202).end();
      return;
    case "status": {
      const { status, retryAfter } = script;
      outgoing.writeHead(status, {
        "content-type": "application/json",
        ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
      });
      outgoing.end(JSON.stringify({ errors: [{ message: request }] }));
      return;
    }
    case "garbage":
      outgoing.socket?.end(`${request}\r\n\r\n`);
      return;
    case "hang":
      // Neither answered nor closed: the caller's own timeout has to end it.
      return;
  }
}
