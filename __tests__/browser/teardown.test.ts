import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openStream } from "../../browser/sse-client";
import { begin } from "./sse-server";
import { fakeTimers, open, serve, settle, tidy, until } from "./stream-suite";

afterEach(tidy);

/** How many listeners a signal has, followed as they come and go. */
function counted(signal: AbortSignal): () => number {
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners.add(args[1]);
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners.delete(args[1]);
    removeEventListener.apply(signal, args);
  };
  return () => listeners.size;
}

describe("CLI-5 a closed stream leaves nothing behind", () => {
  test.each([
    ["before it connects", 0, () => undefined],
    ["while it connects", 1, () => undefined],
    ["while it is open", 1, begin],
    [
      "while it waits for the next connection",
      1,
      (response: Parameters<typeof begin>[0]) => begin(response).end(),
    ],
    ["after a refusal", 1, (response: Parameters<typeof begin>[0]) => response.writeHead(403).end()],
  ] as const)("%s", async (_when, connections, answer) => {
    fakeTimers();
    const server = await serve((response) => void answer(response));
    const { signal } = new AbortController();
    const listeners = counted(signal);
    const opened = open(server.url, { signal });
    if (connections > 0) await until("a request", () => server.asked.length === 1);
    if (connections > 0) await settle();
    opened.stream.close();
    await until("the server noticed", () => server.open.size === 0);
    await settle();
    expect(listeners()).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
    const before = opened.states.length;
    jest.advanceTimersByTime(3_600_000);
    await settle();
    expect(server.asked).toHaveLength(connections);
    expect(opened.states).toHaveLength(before);
    expect(opened.stream.state).toBe("CLOSED");
  });

  test("a stream whose signal is aborted already never connects", async () => {
    const server = await serve((response) => begin(response));
    const opened = open(server.url, { signal: AbortSignal.abort() });
    await settle();
    expect(server.asked).toEqual([]);
    expect(opened.states).toEqual(["CLOSED cancelled"]);
  });

  test("five hundred streams opened and closed leave no socket and no memory to speak of", async () => {
    const server = await serve((response) => begin(response).write(`data: ${"x".repeat(100_000)}\n\n`));
    // Node has no collector to call unless it is asked for; without it garbage would be taken for a leak.
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const round = async (): Promise<void> => {
      let events = 0;
      const onEvent = () => {
        events += 1;
      };
      const streams = Array.from({ length: 50 }, () => openStream(server.url, { onEvent }));
      await until("all have their event", () => events === streams.length);
      for (const stream of streams) stream.close();
      await until("all closed", () => server.open.size === 0);
      server.asked.length = 0;
      collect();
    };
    const used = (): number => {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    await round();
    await round();
    const before = used();
    for (let number = 0; number < 8; number += 1) await round();
    await sleep(100);
    collect();
    expect(used() - before).toBeLessThan(5 * 1024 * 1024);
  });

  test("a long stream keeps fifty connections in mind", async () => {
    jest.spyOn(Math, "random").mockReturnValue(0);
    const server = await serve((response) => begin(response).end("retry: 1\n\nevent: done\ndata:\n\n"));
    const opened = open(server.url);
    await until("sixty", () => server.asked.length >= 60);
    opened.stream.close();
    const numbers = opened.stream.connections.map(({ sequence }) => sequence);
    expect(numbers).toHaveLength(50);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  });
});

describe("a page that is hidden", () => {
  /** Stands for a page: Node has none. */
  class Page extends EventTarget {
    hidden = false;
    listeners = 0;
    readonly baseURI = "http://127.0.0.1/";

    override addEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
      this.listeners += 1;
      super.addEventListener(...args);
    }

    override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>): void {
      this.listeners -= 1;
      super.removeEventListener(...args);
    }

    turn(hidden: boolean): void {
      this.hidden = hidden;
      this.dispatchEvent(new Event("visibilitychange"));
    }
  }

  let page: Page;
  beforeEach(() => {
    page = new Page();
    Object.assign(globalThis, { document: page });
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, "document");
  });

  test("has no connection until it is seen, then goes on at once where it was", async () => {
    const server = await serve((response, number) => begin(response).write(`id: ${number}\ndata: a\n\n`));
    const opened = open(server.url, { pauseWhenHidden: true });
    await until("an event", () => opened.events.length === 1);
    page.turn(true);
    await until("the server noticed", () => server.open.size === 0);
    await settle();
    expect(opened.ended).toEqual([expect.objectContaining({ ending: "hidden", delayMs: 0 })]);
    expect([opened.stream.state, opened.stream.reason]).toEqual(["CONNECTING", "hidden"]);
    page.turn(false);
    await until("another event", () => opened.events.length === 2);
    expect(server.asked[1]?.headers["last-event-id"]).toBe("1");
    opened.stream.close();
    expect(page.listeners).toBe(0);
  });

  test("opens nothing while it is hidden, and no two connections when it comes and goes", async () => {
    page.hidden = true;
    const server = await serve((response) => begin(response).write("data: a\n\n"));
    const opened = open(server.url, { pauseWhenHidden: true });
    await settle();
    expect(server.asked).toEqual([]);
    for (let turn = 0; turn < 20; turn += 1) page.turn(turn % 2 === 0);
    await until("open", () => opened.stream.state === "OPEN");
    await settle();
    expect(server.open.size).toBe(1);
  });

  test("does not shorten a delay by being seen", async () => {
    fakeTimers();
    const server = await serve((response) => response.writeHead(503, { "retry-after": "30" }).end());
    const opened = open(server.url, { pauseWhenHidden: true });
    await until("the end", () => opened.ended.length === 1);
    page.turn(true);
    page.turn(false);
    await settle();
    expect(server.asked).toHaveLength(1);
  });

  test("is none of the stream's business unless asked", async () => {
    const server = await serve((response) => begin(response).write("data: a\n\n"));
    const opened = open(server.url);
    await until("an event", () => opened.events.length === 1);
    page.turn(true);
    await settle();
    expect(opened.stream.state).toBe("OPEN");
    expect(page.listeners).toBe(0);
  });
});
