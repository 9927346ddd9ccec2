import { createServer, type Socket } from "node:net";
import { reconnects } from "./reconnects";
import { begin } from "./sse-server";
import { fakeTimers, open, serve, settle, tidy, until } from "./stream-suite";

afterEach(tidy);

describe("CLI-3 a network error", () => {
  beforeEach(fakeTimers);

  test("is followed by 1, 2, 4, 8 … at most 30 seconds with jitter, also under a server's retry", async () => {
    const server = await serve((response) => {
      begin(response).write("retry: 3000\n\n");
      setImmediate(() => server.reset());
    });
    const opened = open(server.url);
    const bases = [1, 2, 4, 8, 16, 20, 20];
    for (const [index, base] of bases.entries()) {
      const delay = await reconnects(server, opened, index + 1);
      expect(delay).toBeGreaterThanOrEqual(base * 1000);
      expect(delay).toBeLessThan(Math.max(base + 2, base * 1.5) * 1000);
      const error = expect.objectContaining({ name: "TypeError" });
      expect(opened.ended[index]).toMatchObject({ ending: "network", consecutive: index + 1, error });
    }
  });

  test("starts over after an event", async () => {
    const server = await serve((response, number) => {
      begin(response).write(number === 3 ? "data: a\n\n" : ": nothing\n\n");
      setTimeout(() => server.reset(), 0);
    });
    const opened = open(server.url);
    const delays: number[] = [];
    for (let number = 1; number <= 4; number += 1) {
      await until("open", () => opened.states.filter((one) => one.startsWith("OPEN")).length === number);
      await settle();
      jest.advanceTimersByTime(1);
      delays.push(await reconnects(server, opened, number));
    }
    expect(delays.map((delay) => delay >= 2000)).toEqual([
      expect.any(Boolean),
      true,
      expect.any(Boolean),
      true,
    ]);
    expect(opened.ended.slice(0, 4).map(({ consecutive }) => consecutive)).toEqual([1, 2, 1, 2]);
  });

  test("is a refused connection too", async () => {
    const opened = open("http://127.0.0.1:9/");
    await until("the end", () => opened.ended.length === 1);
    expect(opened.ended[0]).toMatchObject({ ending: "network", error: { name: "TypeError" } });
    expect(opened.ended[0]).not.toHaveProperty("status");
  });

  test.each([
    [500, "text/event-stream"],
    [503, "text/html"],
    [429, "text/event-stream"],
    [404, "application/json"],
    [200, "text/html"],
    [200, "text/event-streams"],
    [206, "text/event-stream"],
  ])("is status %i with %s, whose body is not read", async (status, type) => {
    const server = await serve((response) => {
      response.writeHead(status, { "content-type": type });
      response.write("data: a\n\n");
    });
    const opened = open(server.url);
    await until("the end", () => opened.ended.length === 1);
    expect(opened.ended[0]).toMatchObject({
      ending: "network",
      status,
      error: { name: "StreamError", status },
    });
    expect(opened.events).toEqual([]);
    expect(opened.states).toEqual(["CONNECTING network"]);
    await until("the server noticed", () => server.open.size === 0);
  });

  test.each(["text/event-stream", "Text/Event-Stream; charset=utf-8", "text/event-stream ;x=y"])(
    "is not %s",
    async (type) => {
      const server = await serve((response) =>
        begin(response, { "content-type": type }).write("data: a\n\n"),
      );
      const opened = open(server.url);
      await until("an event", () => opened.events.length === 1);
    },
  );

  test.each([
    ["30", 30_000],
    [new Date(Date.now() + 60_000).toUTCString(), 58_000],
    ["86400", 300_000],
    ["99999999999999999999", 300_000],
  ])("is followed by no less than Retry-After: %s", async (value, least) => {
    const server = await serve((response) => response.writeHead(503, { "retry-after": value }).end());
    const opened = open(server.url);
    const delay = await reconnects(server, opened, 1);
    expect(delay).toBeGreaterThanOrEqual(least);
    expect(delay).toBeLessThan(least * 1.5 + 3000);
  });

  test.each(["0", "soon", "-5", "1e9", "", new Date(0).toUTCString()])(
    "is followed by the usual back-off after Retry-After: %p",
    async (value) => {
      const server = await serve((response) => response.writeHead(503, { "retry-after": value }).end());
      const opened = open(server.url);
      const delays = [await reconnects(server, opened, 1), await reconnects(server, opened, 2)];
      expect(delays[0]).toBeLessThan(3000);
      expect(delays[1]).toBeGreaterThanOrEqual(2000);
      expect(delays[1]).toBeLessThan(4000);
    },
  );

  test("is a server that takes the connection and says nothing", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
    const { port } = silent.address() as { port: number };
    const opened = open(`http://127.0.0.1:${port}/`, { connectTimeoutMs: 5000 });
    await settle();
    jest.advanceTimersByTime(4990);
    await settle();
    expect(opened.ended).toEqual([]);
    jest.advanceTimersByTime(1260);
    await until("the end", () => opened.ended.length === 1);
    expect(opened.ended[0]).toMatchObject({ ending: "network", error: { name: "TimeoutError" } });
    opened.stream.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => silent.close(done));
  });

  test("is headers that do not come, and then not again", async () => {
    const server = await serve((response) => begin(response));
    let asked = 0;
    const headers = () => {
      asked += 1;
      return asked === 1 ? new Promise<never>(() => undefined) : { "x-a": "b" };
    };
    const opened = open(server.url, { connectTimeoutMs: 5000, headers });
    await settle();
    jest.advanceTimersByTime(6250);
    await until("the end", () => opened.ended.length === 1);
    expect(opened.ended[0]).toMatchObject({ ending: "network", error: { name: "TimeoutError" } });
    jest.advanceTimersByTime(3000);
    await until("a request", () => server.asked.length === 1);
    expect(server.asked[0]?.headers["x-a"]).toBe("b");
  });

  test("is silence on an open connection, and a comment is no silence", async () => {
    const server = await serve((response) => begin(response));
    const opened = open(server.url, { silenceTimeoutMs: 10_000 });
    await until("open", () => opened.stream.state === "OPEN");
    for (let beat = 0; beat < 5; beat += 1) {
      await settle(20);
      jest.advanceTimersByTime(9000);
      for (const response of server.open) response.write(": beat\n\n");
      await settle();
    }
    expect(opened.ended).toEqual([]);
    jest.advanceTimersByTime(12_500);
    await until("the end", () => opened.ended.length === 1);
    expect(opened.ended[0]).toMatchObject({ ending: "network", error: { name: "TimeoutError" } });
    await until("the server noticed", () => server.open.size === 0);
  });

  test("is no clock that is set", async () => {
    const server = await serve((response) => begin(response).write("data: a\n\n"));
    const opened = open(server.url);
    await until("an event", () => opened.events.length === 1);
    const day = 86_400_000;
    const { now } = Date;
    for (const jump of [day, -day]) {
      jest.spyOn(Date, "now").mockImplementation(() => now() + jump);
      jest.advanceTimersByTime(30_000);
      for (const response of server.open) response.write("data: b\n\n");
      await settle();
    }
    expect(opened.events).toHaveLength(3);
    expect(opened.ended).toEqual([]);
  });
});

describe("CLI-3 no reconnection", () => {
  beforeEach(fakeTimers);

  test.each([
    [204, "no-content"],
    [401, "unauthorized"],
    [403, "forbidden"],
  ])("follows status %i, which stops the stream: %s", async (status, reason) => {
    const server = await serve((response) => response.writeHead(status, { "retry-after": "1" }).end());
    const opened = open(server.url);
    await until("closed", () => opened.stream.state === "CLOSED");
    expect(opened.stream.reason).toBe(reason);
    expect(opened.states).toEqual([`CLOSED ${reason}`]);
    expect(opened.ended).toEqual([expect.objectContaining({ ending: "refused", status, consecutive: 1 })]);
    expect(opened.ended[0]).not.toHaveProperty("delayMs");
    jest.advanceTimersByTime(600_000);
    await settle();
    expect(server.asked).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
    const next = opened.stream[Symbol.asyncIterator]().next();
    await expect(next).rejects.toMatchObject({ name: "StreamError", reason, status });
  });

  test("follows an event beyond the limit", async () => {
    const server = await serve((response) => begin(response).write(`data: ${"x".repeat(5000)}\n\n`));
    const opened = open(server.url, { maxEventLength: 1000 });
    await until("closed", () => opened.stream.state === "CLOSED");
    expect(opened.stream.reason).toBe("too-large");
    await until("the server noticed", () => server.open.size === 0);
  });

  test.each(["close", "signal"])("follows one's own %s", async (way) => {
    const server = await serve((response) => begin(response).write("data: a\n\n"));
    const controller = new AbortController();
    const opened = open(server.url, { signal: controller.signal });
    await until("an event", () => opened.events.length === 1);
    if (way === "close") opened.stream.close();
    else controller.abort();
    await until("the end", () => opened.ended.length === 1);
    expect(opened.ended[0]).toMatchObject({ ending: "cancelled" });
    expect(opened.states).toEqual(["OPEN open", "CLOSED cancelled"]);
    expect(jest.getTimerCount()).toBe(0);
    await until("the server noticed", () => server.open.size === 0);
  });
});
