import type { StreamEventName } from "../../contract/streaming";

/** Some browsers show nothing until this many bytes have come (SSE-G4). */
const PADDING_BYTES = 2048;

/** The first bytes of a stream: how long to wait before reconnecting (SSE-G1), and padding. */
export function preamble(retryMs: number): string {
  return `retry: ${retryMs}\n:${" ".repeat(PADDING_BYTES)}\n\n`;
}

/** An event as bytes. @param id position reached with it; none for events that are no part of a step */
export function frame(name: StreamEventName, data: unknown, id?: string): string {
  const position = id === undefined ? "" : `id: ${id}\n`;
  return `event: ${name}\n${position}data: ${JSON.stringify(data)}\n\n`;
}
