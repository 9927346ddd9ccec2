/** A piece of a response body as it came over the wire. */
export interface BodyChunk {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly bytes: Buffer;
}

/** Status, headers and cookies a function sets before its body (Lambda's HTTP integration). */
export interface Prelude {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

/** A server-sent event, and when its last byte came. */
export interface ReceivedEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Fields by name; `data` lines joined by line feeds. A comment is no event. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Content type by which a function announces that its body begins with a prelude. */
export const HTTP_INTEGRATION = "application/vnd.awslambda.http-integration-response";

/** What separates the prelude from the body. */
const DELIMITER = Buffer.alloc(8);

/** Bytes of the chunks, one after the other. */
export function joined(chunks: readonly BodyChunk[]): Buffer {
  return Buffer.concat(chunks.map(({ bytes }) => bytes));
}

/**
 * Takes the prelude off a streamed body.
 *
 * @returns the prelude, `undefined` while its delimiter has not come, and the chunks after it
 * @throws Error when what stands before the delimiter is not JSON
 */
export function withoutPrelude(chunks: readonly BodyChunk[]): {
  readonly prelude?: Prelude;
  readonly body: readonly BodyChunk[];
} {
  const end = joined(chunks).indexOf(DELIMITER);
  if (end < 0) return { body: [] };
  const text = joined(chunks).subarray(0, end).toString("utf8");
  let prelude: Prelude;
  try {
    prelude = JSON.parse(text) as Prelude;
  } catch {
    throw new Error(`The prelude of a streamed response was ${text.slice(0, 200)}, expected JSON`);
  }
  let skip = end + DELIMITER.length;
  const body = chunks.flatMap(({ at, bytes }) => {
    const rest = bytes.subarray(Math.min(skip, bytes.length));
    skip = Math.max(0, skip - bytes.length);
    return rest.length === 0 ? [] : [{ at, bytes: rest }];
  });
  return { prelude, body };
}

/** The server-sent events of a body, in order; an unfinished one at its end is left out. */
export function eventsOf(body: readonly BodyChunk[]): readonly ReceivedEvent[] {
  const events: ReceivedEvent[] = [];
  let pending = Buffer.alloc(0);
  for (const { at, bytes } of body) {
    pending = Buffer.concat([pending, bytes]);
    for (let end = pending.indexOf("\n\n"); end >= 0; end = pending.indexOf("\n\n")) {
      const fields = fieldsOf(pending.subarray(0, end).toString("utf8"));
      if (Object.keys(fields).length > 0) events.push({ at, fields });
      pending = pending.subarray(end + 2);
    }
  }
  return events;
}

function fieldsOf(block: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const line of block.split("\n")) {
    const [, name, value = ""] = /^([^:]+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name === undefined) continue;
    fields[name] = name === "data" && fields["data"] !== undefined ? `${fields["data"]}\n${value}` : value;
  }
  return fields;
}
