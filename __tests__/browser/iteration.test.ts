import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { buildSync } from "esbuild";
import { openStream } from "../../browser/sse-client";
import { begin } from "./sse-server";
import { fakeTimers, open, serve, settle, tidy, until } from "./stream-suite";

const ROOT = resolve(__dirname, "..", "..");

afterEach(tidy);

const numbered = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => `id: ${from + index}\ndata: ${"x".repeat(1000)}\n\n`).join("");

describe("CLI-1 iterating over a stream", () => {
  test("gives every event once, in order, over several connections", async () => {
    jest.spyOn(Math, "random").mockReturnValue(0);
    const server = await serve((response, number) =>
      begin(response).end(`retry: 1\n\n${numbered(number * 10, 10)}event: done\ndata:\n\n`),
    );
    const ids: (string | undefined)[] = [];
    for await (const { id } of openStream(server.url)) {
      if (id !== undefined) ids.push(id);
      if (ids.length === 30) break;
    }
    expect(ids).toEqual(Array.from({ length: 30 }, (_, index) => String(index + 10)));
  });

  test("CLI-5 closes the stream when the loop is left", async () => {
    const server = await serve((response) => begin(response).write("data: a\n\n"));
    const stream = openStream(server.url);
    for await (const { data } of stream) if (data === "a") break;
    expect([stream.state, stream.reason]).toEqual(["CLOSED", "cancelled"]);
    await until("the server noticed", () => server.open.size === 0);
    expect(await stream[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });

  test("ends when the stream is closed, for everybody who waits", async () => {
    const server = await serve((response) => begin(response));
    const stream = openStream(server.url);
    const waiting = [stream, stream].map((one) => one[Symbol.asyncIterator]().next());
    await until("open", () => stream.state === "OPEN");
    stream.close();
    stream.close();
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  test("shares the events among iterators", async () => {
    const server = await serve((response) => begin(response).write(numbered(0, 4)));
    const stream = openStream(server.url);
    const iterators = [stream[Symbol.asyncIterator](), stream[Symbol.asyncIterator]()] as const;
    const results = await Promise.all([0, 1, 0, 1].map((which) => iterators[which === 0 ? 0 : 1].next()));
    expect(results.map(({ value }) => value?.id).sort()).toEqual(["0", "1", "2", "3"]);
    stream.close();
  });

  test("gives what came before a refusal, then throws the refusal", async () => {
    jest.spyOn(Math, "random").mockReturnValue(0);
    const server = await serve((response, number) => {
      if (number === 1) begin(response).end("retry: 1\ndata: a\n\nevent: done\ndata:\n\n");
      else response.writeHead(401).end();
    });
    const data: string[] = [];
    const iterate = async () => {
      for await (const event of openStream(server.url)) data.push(event.event);
    };
    await expect(iterate()).rejects.toMatchObject({ name: "StreamError", reason: "unauthorized" });
    expect(data).toEqual(["message", "done"]);
  });

  test("stops reading while nobody takes the events, loses none, and takes waiting for no silence", async () => {
    fakeTimers();
    const all = 40_000;
    let written = 0;
    const server = await serve((response) => {
      begin(response);
      const more = (): void => {
        while (written < all && response.write(numbered(written, 100))) written += 100;
        if (written < all) {
          written += 100;
          response.once("drain", more);
        } else response.end("event: done\ndata:\n\n");
      };
      more();
    });
    const stream = openStream(server.url, { queueLimit: 100, silenceTimeoutMs: 1000 });
    await settle(400);
    const stalled = written;
    await settle(200);
    expect(written).toBe(stalled);
    expect(stalled).toBeLessThan(all / 2);
    jest.advanceTimersByTime(600_000);
    expect(stream.state).toBe("OPEN");
    let next = 0;
    for await (const { id, event } of stream) {
      if (event === "done") break;
      if (id !== String(next)) throw new Error(`expected ${next}, got ${id}`);
      next += 1;
    }
    expect(next).toBe(all);
  });

  test("is not needed: events that go to a callback do not wait", async () => {
    const server = await serve((response) => begin(response).write(numbered(0, 500)));
    const { events } = open(server.url, { queueLimit: 10 });
    await until("all", () => events.length === 500);
  });
});

describe("a callback's mistake", () => {
  test("is thrown where everybody sees it, and the stream goes on", () => {
    const script = `
      import { createServer } from "node:http";
      import { openStream } from "./browser/sse-client";
      const seen = [];
      process.on("uncaughtException", (error) => seen.push(error.message));
      process.on("exit", () => console.log(JSON.stringify(seen)));
      const server = createServer((_, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.end("data: 1\\n\\ndata: 2\\n\\n");
      }).listen(0, "127.0.0.1", () => {
        const stream = openStream("http://127.0.0.1:" + server.address().port, {
          onEvent: ({ data }) => { throw new Error("event " + data); },
          onState: (state) => { throw new Error(state); },
          onConnection: ({ ending }) => {
            if (ending) setImmediate(() => { stream.close(); server.close(); });
            throw new Error("connection " + ending);
          },
        });
      });`;
    const [output] = buildSync({
      stdin: { contents: script, resolveDir: ROOT, loader: "ts" },
      absWorkingDir: ROOT,
      bundle: true,
      format: "cjs",
      platform: "node",
      write: false,
    }).outputFiles;
    const { stdout, stderr } = spawnSync(process.execPath, ["-"], {
      input: output?.text,
      cwd: ROOT,
      timeout: 20_000,
    });
    expect(stderr.toString()).toBe("");
    expect(JSON.parse(stdout.toString())).toEqual([
      "OPEN",
      "connection undefined",
      "event 1",
      "event 2",
      "connection abnormal",
      "CONNECTING",
      "CLOSED",
    ]);
  });

  test("or its closing the stream ends the events at once", async () => {
    const server = await serve((response) => begin(response).write(numbered(0, 10)));
    const seen: (string | undefined)[] = [];
    const stream = openStream(server.url, {
      onEvent({ id }) {
        seen.push(id);
        if (id === "2") stream.close();
      },
    });
    await until("closed", () => stream.state === "CLOSED");
    await settle();
    expect(seen).toEqual(["0", "1", "2"]);
  });
});
