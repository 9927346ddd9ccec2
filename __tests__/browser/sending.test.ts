import { openStream } from "../../browser/sse-client";
import { HEADERS } from "../../contract/headers";
import { STREAM } from "../../contract/streaming";
import { begin } from "./sse-server";
import { fakeTimers, open, serve, tidy, until } from "./stream-suite";

const TRACE = "1-6b017020-eadc7c6a7c89df278e817514";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const CORRELATION = [HEADERS.traceId, HEADERS.sessionId, HEADERS.previousTrace, HEADERS.connectionSequence];

beforeEach(fakeTimers);
afterEach(tidy);

/** What a stream sends on its first connections. */
async function sent(
  connections: number,
  answer: Parameters<typeof serve>[0],
  options: Parameters<typeof open>[1] = {},
) {
  const server = await serve(answer);
  const opened = open(server.url, options);
  for (let number = 1; number < connections; number += 1) {
    await until(`ending ${number}`, () => opened.ended.length === number);
    jest.advanceTimersByTime(opened.ended[number - 1]?.delayMs ?? 0);
  }
  await until("the last request", () => server.asked.length === connections);
  return { ...opened, asked: server.asked };
}

describe("CLI-4 FE-1 D33 every connection tells", () => {
  test("the same session, its own number and its own new root", async () => {
    const { asked, stream } = await sent(4, (response) => begin(response).end(": a\n\n"));
    expect(stream.sessionId).toMatch(UUID);
    expect(new Set(asked.map(({ headers }) => headers[HEADERS.sessionId]))).toEqual(
      new Set([stream.sessionId]),
    );
    expect(asked.map(({ headers }) => headers[HEADERS.connectionSequence])).toEqual(["1", "2", "3", "4"]);
    const roots = asked.map(({ headers }) => String(headers[HEADERS.traceId]));
    for (const root of roots) expect(root).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(new Set(roots).size).toBe(4);
    expect(stream.connections.map(({ traceId }) => `Root=${traceId}`)).toEqual(roots);
    expect(openStream("http://127.0.0.1:9/", { signal: AbortSignal.abort() }).sessionId).not.toBe(
      stream.sessionId,
    );
  });

  test("the trace of the last response, as a bare id", async () => {
    const { asked, stream } = await sent(3, (response, number) =>
      begin(response, { [HEADERS.traceId]: `Root=${TRACE.slice(0, -1)}${number};Sampled=1` }).end(
        `data: {"trace_id":"${TRACE}"}\n\n`,
      ),
    );
    expect(asked.map(({ headers }) => headers[HEADERS.previousTrace])).toEqual([
      undefined,
      `${TRACE.slice(0, -1)}1`,
      `${TRACE.slice(0, -1)}2`,
    ]);
    expect(stream.connections[1]?.traceId).toBe(`${TRACE.slice(0, -1)}2`);
  });

  test("the trace of the last event when the response has none", async () => {
    const { asked, stream } = await sent(2, (response) =>
      begin(response).end(`data: {"trace_id":"1-0-0"}\n\ndata: {"trace_id":"${TRACE}"}\n\n`),
    );
    expect(asked[1]?.headers[HEADERS.previousTrace]).toBe(TRACE);
    expect(stream.connections[0]?.traceId).toBe(TRACE);
  });

  test.each(['{"trace_id":"1-0-0"}', '{"trace_id":{}}', "null", "[", '"x"', `{"trace":"${TRACE}"}`])(
    "no trace when the last event is %s",
    async (data) => {
      const { asked } = await sent(2, (response) => begin(response).end(`data: ${data}\n\n`));
      expect(asked[1]?.headers[HEADERS.previousTrace]).toBeUndefined();
    },
  );

  test("the trace before a connection that failed", async () => {
    const { asked } = await sent(3, (response, number) => {
      if (number === 1) begin(response, { [HEADERS.traceId]: TRACE }).end();
      else response.destroy();
    });
    expect(asked[2]?.headers[HEADERS.previousTrace]).toBe(TRACE);
  });

  test("nothing that is random without randomness, and goes out all the same", async () => {
    jest.spyOn(globalThis.crypto, "getRandomValues").mockImplementation(() => {
      throw new Error("no entropy");
    });
    const { asked, stream } = await sent(2, (response) => begin(response).end("data: a\n\n"));
    expect(stream.sessionId).toBeUndefined();
    for (const { headers } of asked) {
      expect(headers).not.toHaveProperty(HEADERS.traceId);
      expect(headers).not.toHaveProperty(HEADERS.sessionId);
    }
    expect(asked[1]?.headers[HEADERS.connectionSequence]).toBe("2");
  });
});

test.each([
  ["switched off", false, false],
  ["switched on", true, true],
  ["to other origins", ["https://example.org"], false],
] as const)("FE-1 correlation %s", async (_what, correlate, there) => {
  const { asked } = await sent(
    2,
    (response) => begin(response, { [HEADERS.traceId]: TRACE }).end("data: a\n\n"),
    {
      correlate,
    },
  );
  for (const name of CORRELATION) expect(name in (asked[1]?.headers ?? {})).toBe(there);
});

test("FE-1 correlation to the stream's origin among others", async () => {
  const server = await serve((response) => begin(response));
  open(server.url, { correlate: ["https://example.org", new URL(server.url).origin] });
  await until("a request", () => server.asked.length === 1);
  expect(server.asked[0]?.headers).toHaveProperty(HEADERS.traceId);
});

describe("CLI-3 the position", () => {
  test.each([
    ["plain", "1795256351000-3"],
    ["with spaces within", "a b"],
    ["beyond Latin 1", "日本 ✓ 🚀 é"],
    ["of Latin 1", "é"],
  ])("is sent as UTF-8: %s", async (_what, id) => {
    const { asked } = await sent(2, (response) => begin(response).end(`id: ${id}\ndata: a\n\n`));
    const bytes = Buffer.from(String(asked[1]?.headers[HEADERS.lastEventId]), "latin1");
    expect(bytes.toString("utf8")).toBe(id);
  });

  test.each([
    ["control characters", "a\u0001b"],
    ["a tab", "a\tb"],
    ["DEL", "\u007f"],
    ["two thousand characters", "x".repeat(2000)],
  ])("is not sent when no header can carry it: %s", async (_what, id) => {
    const { asked, stream } = await sent(2, (response) => begin(response).end(`id: ${id}\ndata: a\n\n`));
    expect(stream.lastEventId).toBe(id);
    expect(asked[1]?.headers).not.toHaveProperty(HEADERS.lastEventId);
  });

  test("is an option to begin with, and kept over connections that bring none", async () => {
    const { asked, stream } = await sent(2, (response) => begin(response).end("data: a\n\n"), {
      lastEventId: "7",
    });
    expect(asked.map(({ headers }) => headers[HEADERS.lastEventId])).toEqual(["7", "7"]);
    expect(stream.lastEventId).toBe("7");
  });
});

describe("CLI-4 repetitions", () => {
  const anew = { [HEADERS.resumeSupported]: "false" };
  const told = (names: readonly { event: string; id: string | undefined }[]) =>
    names.map(({ event, id }) => `${event} ${id}`);

  test("are dropped when the server cannot resume, by type and id, and only those of former connections", async () => {
    const first = "event: a\nid: 1\ndata:\n\nevent: beat\nid: 1\ndata:\n\nevent: beat\nid: 1\ndata:\n\n";
    const { events, stream } = await sent(3, (response, number) => {
      const again = `${first}event: b\nid: 1\ndata:\n\nevent: a\nid: 2\ndata:\n\ndata: none\n\nevent: done\ndata:\n\n`;
      begin(response, number === 1 ? {} : anew).end(number === 1 ? first : again);
    });
    await until("all", () => stream.connections.length === 3 && stream.connections[2]?.ending !== undefined);
    expect(told(events)).toEqual([
      ...["a 1", "beat 1", "beat 1"],
      ...["b 1", "a 2", "message undefined", "done undefined"],
      ...["message undefined", "done undefined"],
    ]);
    expect(stream.connections.map(({ ending, resumed }) => [ending, resumed])).toEqual([
      ["abnormal", true],
      ["graceful", false],
      ["graceful", false],
    ]);
  });

  test("are let through when the server resumes: they are no mistake of ours to hide", async () => {
    const { events } = await sent(2, (response) =>
      begin(response, { [HEADERS.resumeSupported]: "true" }).end("id: 1\ndata: a\n\n"),
    );
    await until("both", () => events.length === 2);
  });

  test("are remembered for a thousand events at least", async () => {
    const ids = Array.from({ length: 3000 }, (_, index) => `id: ${index}\ndata: a\n\n`).join("");
    const { events } = await sent(2, (response, number) =>
      begin(response, anew).end(
        number === 1 ? ids : "id: 500\ndata: old\n\nid: 2900\ndata: new\n\nid: x\ndata: x\n\n",
      ),
    );
    await until("the last", () => events.at(-1)?.data === "x");
    expect(events.slice(3000).map(({ data }) => data)).toEqual(["old", "x"]);
  });
});

describe("CLI-1 what fetch can", () => {
  test("headers are asked for anew on each connection, and may take their time", async () => {
    let token = 0;
    const { asked } = await sent(3, (response) => begin(response).end("data: a\n\n"), {
      headers: async () => {
        token += 1;
        return { authorization: `Bearer ${token}` };
      },
    });
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer 1", "Bearer 2", "Bearer 3"]);
  });

  test("headers that cannot be had are a network error, which is told", async () => {
    const server = await serve((response) => begin(response));
    const opened = open(server.url, { headers: () => Promise.reject(new Error("no token")) });
    await until("the end", () => opened.ended.length === 1);
    expect(opened.ended[0]).toMatchObject({ ending: "network", error: { message: "no token" } });
    expect(server.asked).toEqual([]);
  });

  test("a method and a body go out on each connection", async () => {
    const { asked } = await sent(2, (response) => begin(response).end("data: a\n\n"), {
      method: "POST",
      body: '{"question":"why"}',
      headers: { "content-type": "application/json" },
    });
    for (const { method, body, headers } of asked) {
      expect([method, body, headers["content-type"]]).toEqual([
        "POST",
        '{"question":"why"}',
        "application/json",
      ]);
      expect([headers.accept, headers["cache-control"]]).toEqual(["text/event-stream", "no-cache"]);
    }
  });

  test("a redirection is followed, and another origin does not get the authorization", async () => {
    const other = await serve((response) => begin(response).end("data: there\n\n"));
    const server = await serve((response) => response.writeHead(307, { location: other.url }).end());
    const opened = open(server.url, { headers: { authorization: "Bearer secret" } });
    await until("an event", () => opened.events.length === 1);
    expect(server.asked[0]?.headers.authorization).toBe("Bearer secret");
    expect(other.asked[0]?.headers).not.toHaveProperty("authorization");
  });

  test.each([
    ["a URL", () => openStream("/relative")],
    ["headers", () => openStream("http://127.0.0.1:9/", { headers: { "bad header": "x" } })],
  ])("what is not %s is refused at once", (_what, call) => {
    expect(call).toThrow(expect.objectContaining({ name: "TypeError" }));
  });

  test("silence is given up after two and a half of the server's heartbeats, at most a quarter later", async () => {
    const server = await serve((response) => begin(response));
    const opened = open(server.url);
    await until("open", () => opened.stream.state === "OPEN");
    jest.advanceTimersByTime(STREAM.heartbeatIntervalSeconds * 2500 - 5);
    expect(server.open.size).toBe(1);
    jest.advanceTimersByTime(STREAM.heartbeatIntervalSeconds * 625 + 10);
    await until("the end", () => opened.ended.length === 1);
  });
});
