import { reconnects } from "./reconnects";
import { begin } from "./sse-server";
import { fakeTimers, open, serve, tidy, until } from "./stream-suite";

afterEach(tidy);

describe("CLI-3 a graceful end", () => {
  beforeEach(fakeTimers);

  test.each(["done", "deadline"])(
    "after %s is followed by the server's retry and its jitter",
    async (sentinel) => {
      const server = await serve((response) =>
        begin(response).end(`retry: 3000\nid: 5\ndata: a\n\nevent: ${sentinel}\ndata: {}\n\n`),
      );
      const opened = open(server.url);
      for (let number = 1; number <= 3; number += 1) {
        const delay = await reconnects(server, opened, number);
        expect(delay).toBeGreaterThanOrEqual(3000);
        expect(delay).toBeLessThan(5000);
        expect(opened.ended[number - 1]).toMatchObject({ ending: "graceful" });
        expect(opened.ended[number - 1]).not.toHaveProperty("error");
      }
      expect(server.asked.slice(1).map(({ headers }) => headers["last-event-id"])).toEqual(["5", "5", "5"]);
      expect(opened.states.slice(0, 3)).toEqual(["OPEN open", "CONNECTING graceful", "OPEN open"]);
    },
  );

  test("R-24 without a retry is followed by one to three seconds", async () => {
    const server = await serve((response) => begin(response).end("event: done\ndata:\n\n"));
    const delay = await reconnects(server, open(server.url), 1);
    expect(delay).toBeGreaterThanOrEqual(1000);
    expect(delay).toBeLessThan(3000);
  });

  test("is never followed by thirty seconds, whatever the server asks", async () => {
    const server = await serve((response) =>
      begin(response).end("retry: 99999999999999999999\nevent: done\ndata:\n\n"),
    );
    expect(await reconnects(server, open(server.url), 1)).toBeLessThan(30_000);
  });

  test("D33 is the client's own when the server announces the end and stays, and what still comes is had", async () => {
    const server = await serve((response) => {
      begin(response).write("data: a\n\nevent: deadline\ndata: {}\n\n");
      setImmediate(() => response.write("data: b\n\nevent: done\ndata: {}\n\n"));
    });
    const opened = open(server.url);
    await until("four events", () => opened.events.length === 4);
    expect(server.open.size).toBe(1);
    jest.advanceTimersByTime(1250);
    await until("the end", () => opened.ended.length === 1);
    expect(opened.ended[0]).toMatchObject({ ending: "graceful" });
    expect(opened.ended[0]).not.toHaveProperty("error");
    await until("the server noticed", () => server.open.size === 0);
    await reconnects(server, opened, 1);
  });

  test("is what an option calls one", async () => {
    const server = await serve((response) =>
      begin(response).end("event: done\ndata:\n\nevent: bye\ndata:\n\n"),
    );
    const opened = open(server.url, { sentinels: ["bye"] });
    const other = open(server.url, { sentinels: [] });
    await until("two ends", () => opened.ended.length + other.ended.length === 2);
    expect([opened.ended[0]?.ending, other.ended[0]?.ending]).toEqual(["graceful", "abnormal"]);
  });
});

describe("CLI-3 an abnormal end", () => {
  beforeEach(fakeTimers);

  test("is followed by one to three seconds, counts, and knows no back-off", async () => {
    const server = await serve((response) => begin(response).end("retry: 100\n: nothing\n\n"));
    const opened = open(server.url);
    for (let number = 1; number <= 5; number += 1) {
      const delay = await reconnects(server, opened, number);
      expect(delay).toBeGreaterThanOrEqual(1000);
      expect(delay).toBeLessThan(3000);
      expect(opened.ended[number - 1]).toMatchObject({ ending: "abnormal", consecutive: number });
    }
  });

  test("counts anew after an event", async () => {
    const server = await serve((response, number) =>
      begin(response).end(number === 3 ? "data: a\n\n" : ": nothing\n\n"),
    );
    const opened = open(server.url);
    for (let number = 1; number <= 4; number += 1) await reconnects(server, opened, number);
    expect(opened.ended.slice(0, 4).map(({ consecutive }) => consecutive)).toEqual([1, 2, 1, 2]);
  });

  test("drops what is unfinished", async () => {
    const server = await serve((response) => begin(response).end("id: 1\ndata: a\n\nid: 2\ndata: b\n"));
    const opened = open(server.url);
    await until("the end", () => opened.ended.length === 1);
    expect(opened.events.map(({ data }) => data)).toEqual(["a"]);
    await reconnects(server, opened, 1);
    expect(server.asked[1]?.headers["last-event-id"]).toBe("1");
  });
});
