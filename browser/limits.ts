import { STREAM } from "../contract/streaming";

/** How long an answer may take to begin, in milliseconds. */
export const CONNECT_MS = 20_000;
/** How long an open connection may bring no byte, in milliseconds: two and a half heartbeats of our own server. */
export const SILENCE_MS = STREAM.heartbeatIntervalSeconds * 2500;
/** In how many parts silence is counted: it is noticed at most one of them later. */
export const BEATS = 4;
/** What a server that announced the end may take to close, in milliseconds. */
export const CLOSING_MS = 1000;
/** Events that wait to be iterated over before reading stops. */
export const QUEUE_LIMIT = 1000;
/** Characters a line, or the data of an event, may have. */
export const MAX_EVENT_LENGTH = 4_194_304;
/** Events whose repetition is noticed at least; twice as many at most. */
export const REMEMBERED_EVENTS = 1000;
/** Connections a stream can tell of. */
export const REMEMBERED_CONNECTIONS = 50;
/** The first delay of a back-off, and half of what a delay is spread over at least, in milliseconds. */
export const SECOND_MS = 1000;
/** Back-off that stays below 30 s with its jitter, which is half as much again (CLI-3). */
export const LONGEST_BACK_OFF_MS = 20_000;
/** The longest wait a server can ask for, in milliseconds. */
export const LONGEST_RETRY_AFTER_MS = 300_000;
/** Chunks of fewer bytes are gathered before they are decoded: a decoder's call costs more than their copy. */
export const SMALL_BYTES = 256;
/** Bytes that are gathered at most. */
export const GATHERED_BYTES = 4096;
