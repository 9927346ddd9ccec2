import { Writable } from "node:stream";
import { frame, preamble } from "../../../functions/streaming/wire";
import { StreamWriter } from "../../../functions/streaming/writer";

/** A response whose other side behaves as told. */
class Response extends Writable {
  readonly received: string[] = [];
  /** Holds back what it was given until {@link read} is called. */
  stalled = false;
  error: Error | undefined;
  #pending: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 8 });
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.error === undefined) this.received.push(chunk.toString());
    if (this.error !== undefined) done(this.error);
    else if (this.stalled) this.#pending = () => done();
    else setImmediate(done);
  }

  read(): void {
    this.stalled = false;
    this.#pending?.();
  }
}

const later = Date.now() + 3_600_000;

function listeners(response: Writable): number {
  return response.eventNames().reduce((sum, name) => sum + response.listenerCount(name), 0);
}

test("a client that reads gets everything, in order, and listeners do not pile up", async () => {
  const response = new Response();
  const writer = new StreamWriter(response, 1000, later);
  const before = listeners(response);
  for (let n = 0; n < 200; n += 1) expect(await writer.write(`event ${n}\n`)).toBe(true);
  expect(listeners(response)).toBe(before);
  await writer.end(1000);
  expect(response.received).toHaveLength(200);
  expect({ gone: writer.gone, finished: response.writableFinished }).toEqual({
    gone: undefined,
    finished: true,
  });
});

test("a slow client is waited for", async () => {
  const response = new Response();
  response.stalled = true;
  const writer = new StreamWriter(response, 1000, later);
  const written = writer.write("more than eight bytes");
  setTimeout(() => response.read(), 50);
  await expect(written).resolves.toBe(true);
});

test("SSE-F1 a client that never reads is given up, and its stream is cut", async () => {
  const response = new Response();
  response.stalled = true;
  const writer = new StreamWriter(response, 50, later);
  await expect(writer.write("more than eight bytes")).resolves.toBe(false);
  expect({ gone: writer.gone, left: writer.left.aborted }).toEqual({ gone: "stalled", left: true });
  await expect(writer.write("x")).resolves.toBe(false);
  await writer.end(50);
  expect(response.destroyed).toBe(true);
});

test("SSE-E4 the last seconds are not spent on a client that does not read", async () => {
  const response = new Response();
  response.stalled = true;
  const writer = new StreamWriter(response, 60_000, Date.now());
  const started = performance.now();
  await expect(writer.write("more than eight bytes")).resolves.toBe(false);
  expect(performance.now() - started).toBeLessThan(1000);
});

test.each(["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED"])(
  "SSE-F1 %s means the client has gone",
  async (code) => {
    const response = new Response();
    response.error = Object.assign(new Error(code), { code });
    const writer = new StreamWriter(response, 1000, later);
    await writer.write("more than eight bytes");
    await new Promise(setImmediate);
    expect({ gone: writer.gone, left: writer.left.aborted }).toEqual({ gone: "disconnected", left: true });
    await expect(writer.write("x")).resolves.toBe(false);
    await writer.end(1000);
  },
);

test("SSE-F1 a premature close means the client has gone", async () => {
  const response = new Response();
  const writer = new StreamWriter(response, 1000, later);
  await writer.write("event\n");
  response.destroy();
  await new Promise(setImmediate);
  expect(writer.gone).toBe("disconnected");
});

test("SSE-F1 a write that throws means the client has gone", async () => {
  const response = new Response();
  const writer = new StreamWriter(response, 1000, later);
  response.write = () => {
    throw new Error("write after end");
  };
  await expect(writer.write("event\n")).resolves.toBe(false);
  expect(writer.gone).toBe("disconnected");
});

test("SSE-G1 SSE-G4 a stream opens with the delay and enough bytes for impatient browsers", () => {
  const bytes = preamble(3000);
  expect(bytes).toMatch(/^retry: 3000\n: +\n\n$/);
  expect(Buffer.byteLength(bytes)).toBeGreaterThan(2048);
});

test("an event is one data line, whatever is in it", () => {
  const bytes = frame("metrics", { text: "a\nb\r\nid: 7\n\nevent: evil" }, "1795256351000-1");
  expect(bytes.split("\n")).toEqual([
    "event: metrics",
    "id: 1795256351000-1",
    `data: ${JSON.stringify({ text: "a\nb\r\nid: 7\n\nevent: evil" })}`,
    "",
    "",
  ]);
});
