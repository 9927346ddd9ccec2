import { createRequire } from "node:module";
import { median } from "./median.mjs";

/** Reads all chunks and returns how many characters of data its events had. */
export type Parse = (chunks: readonly Uint8Array[]) => number;

/** Throughput of one kind of stream in chunks of one size. */
export interface Cell {
  readonly stream: string;
  readonly chunkBytes: number;
  /** Megabytes a second, the middle of the rounds, by parser. */
  readonly megabytes: Readonly<Record<string, number>>;
}

const CHUNK_BYTES = [16, 1024, 65_536] as const;
const ROUNDS = 5;
/** A measurement lasts at least so long, in milliseconds. */
const LEAST_MS = 60;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const STREAMS: Readonly<Record<string, Uint8Array>> = {
  "many small events": encode(
    Array.from(
      { length: 12_000 },
      (_, n) =>
        `event: sentiment_update\nid: 1795256351000-${n}\ndata: {"ticker":"AAPL","score":0.${n % 10}}\n\n`,
    ).join(""),
  ),
  "64 KB data": encode(
    Array.from({ length: 16 }, (_, n) => `id: ${n}\ndata: ${"0123456789abcdef".repeat(4096)}\n\n`).join(""),
  ),
  "multi-line data": encode(
    Array.from(
      { length: 1600 },
      (_, n) => `event: text\nid: ${n}\n${"data: a line of a few words and some more\n".repeat(14)}\n`,
    ).join(""),
  ),
};

/** Parsers by name, each from the bytes as `fetch` brings them; those of strings behind a decoder of streams. */
export async function parsers(
  client: typeof import("../browser/sse-client"),
): Promise<Readonly<Record<string, Parse>>> {
  const { createParser } = await import("eventsource-parser");
  const load = createRequire(`${process.cwd()}/package.json`);
  const { getLines, getMessages } = load("@microsoft/fetch-event-source/lib/cjs/parse.js");
  return {
    ours(chunks) {
      let length = 0;
      const parser = client.createEventParser(({ data }) => {
        length += data.length;
      });
      for (const chunk of chunks) parser.feed(chunk);
      return length;
    },
    "eventsource-parser"(chunks) {
      let length = 0;
      const decoder = new TextDecoder();
      const parser = createParser({
        onEvent({ data }) {
          length += data.length;
        },
      });
      for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
      return length;
    },
    "fetch-event-source"(chunks) {
      let length = 0;
      const ignore = (): void => undefined;
      const onMessage = ({ data }: { data: string }): void => {
        length += data.length;
      };
      const feed = getLines(getMessages(ignore, ignore, onMessage));
      for (const chunk of chunks) feed(chunk);
      return length;
    },
  };
}

function chunksOf(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
  return chunks;
}

/** Megabytes a second of repeated parsing. */
function throughput(parse: Parse, chunks: readonly Uint8Array[], bytes: number): number {
  const start = performance.now();
  let passes = 0;
  do {
    parse(chunks);
    passes += 1;
  } while (performance.now() - start < LEAST_MS);
  return (bytes * passes) / 1000 / (performance.now() - start);
}

/**
 * Measures every stream in chunks of every size.
 *
 * @throws Error when two parsers disagree
 */
export function measureParsing(all: Readonly<Record<string, Parse>>): readonly Cell[] {
  const names = Object.keys(all);
  const parserOf = (name: string): Parse => all[name] ?? (() => Number.NaN);
  return Object.entries(STREAMS).flatMap(([stream, bytes]) =>
    CHUNK_BYTES.map((chunkBytes) => {
      const chunks = chunksOf(bytes, chunkBytes);
      const lengths = names.map((name) => parserOf(name)(chunks));
      for (const name of names) throughput(parserOf(name), chunks, bytes.length);
      if (new Set(lengths).size !== 1) throw new Error(`${stream}: ${names} read ${lengths} characters`);
      const rounds = Array.from({ length: ROUNDS }, (_, round) => {
        // By turns, each first as often as the others.
        const order = names.map((_name, index) => names[(index + round) % names.length] ?? "");
        return Object.fromEntries(
          order.map((name) => [name, throughput(parserOf(name), chunks, bytes.length)]),
        );
      });
      const middle = (name: string): number => median(rounds.map((round) => round[name] ?? Number.NaN));
      return { stream, chunkBytes, megabytes: Object.fromEntries(names.map((name) => [name, middle(name)])) };
    }),
  );
}
