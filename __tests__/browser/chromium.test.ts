import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { HEADERS, STREAM_CORS } from "../../contract/headers";
import { STREAM_ROUTES } from "../../contract/streaming";
import { LeaseTable } from "../../lab/runtime/lease-table";
import type { Connection, StreamHost } from "../../lab/runtime/stream-host";
import { urlEvent } from "../../lab/runtime/url-event";
import { StreamLab } from "../support/stream-lab";
import { describeWith } from "../support/tools";
import { ChromiumPage, type Told } from "./chromium-page";
import { type Answer, begin, SseServer } from "./sse-server";

const PATIENCE_MS = 45_000;

async function within<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(50)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`${what}: not within ${PATIENCE_MS} ms`);
}

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": STREAM_CORS.requestHeaders.join(", "),
  "access-control-expose-headers": STREAM_CORS.responseHeaders.join(", "),
};

/** Answers as a stream of another origin does, preflights included; counts only what is no preflight. */
function foreign(answer: (response: ServerResponse, number: number) => void): Answer {
  let number = 0;
  return (response, _, { method }) => {
    if (method === "OPTIONS") response.writeHead(204, CORS).end();
    else {
      number += 1;
      answer(response, number);
    }
  };
}

const ended = ({ connections }: Told) => connections.filter(({ ending }) => ending !== undefined);
const opened = ({ connections }: Told) => connections.filter(({ ending }) => ending === undefined);

describeWith(["moto", "chromium"], "CLI-1 the client in Chromium", () => {
  let page: ChromiumPage;
  let lab: StreamLab;
  let host: StreamHost;
  /** Milliseconds the function's next streams may take; bytes after which the proxy resets them. */
  let remainingMs = 60_000;
  let resetAfter = Number.POSITIVE_INFINITY;
  const asked: IncomingMessage["headers"][] = [];
  const servers: SseServer[] = [];

  /** Stands for the Function URL: decides about the trace as Lambda does, and names it in the answer. */
  async function functionUrl(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    asked.push(incoming.headers);
    const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    );
    const traceHeader = `${headers[HEADERS.traceId]};Parent=${randomBytes(8).toString("hex")};Sampled=1`;
    const event = urlEvent({ path: url.pathname, query: url.search.slice(1), headers });
    const answer = await host.open(event, { remainingMs, traceHeader });
    response.writeHead(answer.statusCode ?? 500, { ...answer.headers, [HEADERS.traceId]: traceHeader });
    response.on("close", () => answer.destroy());
    let bytes = 0;
    answer.on("error", () => response.destroy());
    answer.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes < resetAfter) response.write(chunk);
      else {
        resetAfter = Number.POSITIVE_INFINITY;
        answer.removeAllListeners("data").pause();
        response.write(chunk.subarray(0, chunk.length >> 1));
        setTimeout(() => response.socket?.resetAndDestroy(), 20);
      }
    });
    answer.on("end", () => response.end());
  }

  beforeAll(async () => {
    lab = await StreamLab.start();
    LeaseTable.inFrontOf(lab.gateway, "dev-sentiment-leases");
    host = await lab.host({ SSE_HEARTBEAT_INTERVAL: "10" });
    page = await ChromiumPage.start((incoming, response) => void functionUrl(incoming, response));
  });

  afterAll(async () => {
    await page?.stop();
    await Promise.all(servers.map((server) => server.stop()));
    await lab?.stop();
  });

  async function serve(
    answer: (response: ServerResponse, number: number) => void,
    port = 0,
  ): Promise<SseServer> {
    const server = await SseServer.start(foreign(answer), port);
    servers.push(server);
    return server;
  }

  test("CLI-3 CLI-4 D33 the streaming function's stream goes on after a reset and after deadlines: nothing lost, nothing twice", async () => {
    await lab.traffic(200, ["AAPL", "MSFT"]);
    const reference: Promise<Connection> = host.connect(urlEvent({ path: STREAM_ROUTES.global }), {
      remainingMs: 4500 + 32_000,
    });
    remainingMs = 4500 + 6000;
    resetAfter = 6000;
    await page.watch("function", STREAM_ROUTES.global);
    const told = await within("four connections", async () => {
      const now = await page.told("function");
      return ended(now).length >= 3 && opened(now).length >= 4 ? now : undefined;
    });
    const ends = ended(told).map(({ ending }) => ending);
    expect(ends[0]).toBe("network");
    expect(ends.slice(1, 3)).toEqual(["graceful", "graceful"]);
    await sleep(3000);
    const { events } = await page.told("function");
    await page.close("function");
    const complete = (await reference).events;

    const isStep = (name: string, id: string | undefined) =>
      ["metrics", "sentiment_update", "partial_bucket"].includes(name) &&
      id !== undefined &&
      !id.endsWith("-0");
    const got = events.filter(({ event, id }) => isStep(event, id)).map(({ event, id }) => `${event} ${id}`);
    const sent = complete
      .filter(({ fields }) => isStep(fields["event"] ?? "", fields["id"]))
      .map(({ fields }) => `${fields["event"]} ${fields["id"]}`);
    expect(got.length).toBeGreaterThan(60);
    expect(new Set(got).size).toBe(got.length);
    const first = sent.indexOf(got[0] ?? "");
    expect(first).toBeGreaterThanOrEqual(0);
    expect(got).toEqual(sent.slice(first, first + got.length));

    // Delays: 1 to 3 s after the reset; the function's own retry of 3 s and its jitter after the deadlines.
    const [reset, ...graceful] = ended(told).slice(0, 3);
    expect(reset?.delayMs).toBeLessThan(3000);
    for (const { delayMs } of graceful) expect(delayMs).toBeGreaterThanOrEqual(3000);
    for (const [index, { at, delayMs = Number.NaN }] of ended(told).slice(0, 3).entries()) {
      const pause = (opened(told)[index + 1]?.startedAt ?? Number.NaN) - at;
      expect(pause).toBeGreaterThan(delayMs - 50);
      expect(pause).toBeLessThan(delayMs + 3000);
    }

    // What each connection said about itself.
    const traces = ended(told).map(({ traceId }) => traceId);
    expect(asked.slice(0, 4).map((headers) => headers[HEADERS.connectionSequence])).toEqual([
      "1",
      "2",
      "3",
      "4",
    ]);
    expect(new Set(asked.map((headers) => headers[HEADERS.sessionId])).size).toBe(1);
    expect(asked.slice(0, 4).map((headers) => headers[HEADERS.previousTrace])).toEqual([
      undefined,
      ...traces.slice(0, 3),
    ]);
    expect(asked.slice(0, 3).map((headers) => headers[HEADERS.traceId])).toEqual(
      traces.slice(0, 3).map((id) => `Root=${id}`),
    );
    expect(new Set(traces).size).toBe(traces.length);
    for (const headers of asked.slice(1, 4)) expect(headers[HEADERS.lastEventId]).toMatch(/^\d{13}-\d+$/);
  });

  test("CLI-3 a server that dies, resets, goes silent, is busy or refuses is met as each deserves", async () => {
    const streamed = (response: ServerResponse) =>
      begin(response, CORS).write("retry: 3000\nid: 1\ndata: a\n\n");
    const dying = await serve((response) => streamed(response));
    const resetting = await serve((response, number) => {
      streamed(response);
      if (number === 1) setTimeout(() => resetting.reset(), 300);
    });
    const silent = await serve(streamed);
    const busy = await serve((response, number) => {
      if (number === 1) response.writeHead(503, { ...CORS, "retry-after": "4" }).end();
      else streamed(response);
    });
    const refusing = await serve((response) => response.writeHead(403, CORS).end());
    const cases = { dying, resetting, silent, busy, refusing };
    for (const [name, { url }] of Object.entries(cases)) {
      await page.watch(name, url, { silenceTimeoutMs: 2000, connectTimeoutMs: 2000 });
    }
    await sleep(500);
    const { port } = dying;
    await dying.stop();
    await sleep(2000);
    await serve(streamed, port);

    const reopened = async (name: string): Promise<Told> =>
      within(`${name} is open again`, async () => {
        const now = await page.told(name);
        const events = now.events.length;
        return ended(now).length >= 1 && events >= (name === "busy" ? 1 : 2) ? now : undefined;
      });
    const results = {
      dying: await reopened("dying"),
      resetting: await reopened("resetting"),
      silent: await reopened("silent"),
      busy: await reopened("busy"),
    };
    for (const name of Object.keys(results)) await page.close(name);
    for (const [name, told] of Object.entries(results)) {
      const [end] = ended(told);
      expect([name, end?.ending]).toEqual([name, "network"]);
      expect([name, (end?.delayMs ?? 0) >= (name === "busy" ? 4000 : 1000)]).toEqual([name, true]);
      expect([name, (end?.delayMs ?? 0) < (name === "busy" ? 7000 : 3000)]).toEqual([name, true]);
    }
    expect(ended(results.silent)[0]).toMatchObject({ error: "TimeoutError" });
    expect(ended(results.resetting)[0]).toMatchObject({ error: "TypeError" });
    expect(ended(results.busy)[0]).toMatchObject({ status: 503, error: "StreamError" });
    // A dead server is tried again and again, each time later.
    expect(ended(results.dying).length).toBeGreaterThanOrEqual(1);
    expect((await page.told("refusing")).states).toEqual(["CLOSED forbidden"]);
    expect(refusing.asked.filter(({ method }) => method === "GET")).toHaveLength(1);
    const [, again] = resetting.asked.filter(({ method }) => method === "GET");
    expect(again?.headers[HEADERS.lastEventId]).toBe("1");
    expect(page.problems).toEqual([]);
  });

  test("FE-1 without correlation there is no preflight", async () => {
    const server = await serve((response) => begin(response, CORS).write("data: a\n\n"));
    await page.watch("quiet", server.url, { correlate: false });
    await within("an event", async () => ((await page.told("quiet")).events.length > 0 ? true : undefined));
    await page.close("quiet");
    expect(server.asked.map(({ method }) => method)).toEqual(["GET"]);
  });

  test("CLI-1 a redirection to another origin takes no authorization along", async () => {
    const there = await serve((response) => begin(response, CORS).write("data: there\n\n"));
    const here = await serve((response) => response.writeHead(307, { ...CORS, location: there.url }).end());
    await page.watch("redirected", here.url, { headers: { authorization: "Bearer secret" } });
    await within("an event", async () =>
      (await page.told("redirected")).events.length > 0 ? true : undefined,
    );
    await page.close("redirected");
    const [sent] = here.asked.filter(({ method }) => method === "GET");
    const [followed] = there.asked.filter(({ method }) => method === "GET");
    expect(sent?.headers.authorization).toBe("Bearer secret");
    expect(followed?.headers).not.toHaveProperty("authorization");
  });
});
