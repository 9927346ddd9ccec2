import type { IncomingMessage, ServerResponse } from "node:http";
import { LoopbackServer } from "../runtime/loopback-server";
import type { Fault } from "./faults";

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What the server serves besides files. */
export interface PageControls {
  readonly faults: readonly Fault[];
  /** One trace as text. @param id bare */
  trace(id: string): Promise<string>;
}

/** Address of the lab's controls on the page's own origin. */
export const LAB_PATH = "/lab";

const TRACE = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const PROTECTION = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "content-security-policy": "frame-ancestors 'none'",
};

/** Serves the page and the lab's controls at http://localhost, to this machine's browsers only. */
export class PageServer {
  readonly #server = new LoopbackServer((incoming, outgoing) =>
    this.#handle(incoming, outgoing).catch(() => void outgoing.destroy()),
  );
  #files: ReadonlyMap<string, PageFile> = new Map();
  #controls: PageControls = { faults: [], trace: async () => "" };

  /** Starts on a port of loopback. @throws Error when the port is taken */
  static async start(port = 0): Promise<PageServer> {
    const server = new PageServer();
    await server.#server.listen(port);
    return server;
  }

  /** Where the page is; by this name because CORS knows plain http only for it. */
  get origin(): string {
    return `http://localhost:${this.#server.port}`;
  }

  /** Serves these from now on. @param files by path, with a slash at the front */
  serve(files: ReadonlyMap<string, PageFile>, controls: PageControls): void {
    this.#files = files;
    this.#controls = controls;
  }

  /** Closes the server and its connections. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const answer = (status: number, type: string, body: string | Uint8Array) =>
      void outgoing.writeHead(status, { ...PROTECTION, "content-type": type }).end(body);
    const { pathname } = new URL(incoming.url ?? "/", this.origin);
    // Another name for this address would let a foreign page in.
    if (`http://${incoming.headers.host}` !== this.origin)
      return answer(421, "text/plain", `Use ${this.origin}\n`);
    const file = this.#files.get(pathname === "/" ? "/index.html" : pathname);
    if (file !== undefined) return answer(200, file.type, file.bytes);
    const [, control, name = ""] = pathname.slice(LAB_PATH.length).split("/");
    if (!pathname.startsWith(`${LAB_PATH}/`)) return answer(404, "text/plain", "There is no such file.\n");
    if (control === "traces" && TRACE.test(name)) {
      return answer(200, "text/plain; charset=utf-8", await this.#controls.trace(name));
    }
    if (control === "faults" && name === "") {
      const list = this.#controls.faults.map(({ name, label, effect }) => ({ name, label, effect }));
      return answer(200, "application/json", JSON.stringify(list));
    }
    const fault = this.#controls.faults.find((one) => control === "faults" && one.name === name);
    const own = incoming.method === "POST" && incoming.headers.origin === this.origin;
    if (fault === undefined || !own) return answer(404, "text/plain", "There is no such control.\n");
    await fault.cause();
    return answer(204, "text/plain", "");
  }
}
