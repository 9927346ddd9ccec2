const NOW_S = Math.floor(Date.now() / 1000);
/** Id of a trace of a minute ago. */
export const TRACE = `1-${(NOW_S - 60).toString(16)}-0123456789abcdef01234567`;

/** A segment document of {@link TRACE}. */
export function segment(name: string, id: string, more: object = {}) {
  const times = { start_time: NOW_S - 60, end_time: NOW_S - 59 };
  return { name, id: id.padStart(16, "0"), trace_id: TRACE, ...times, ...more };
}

/** What a segment says of the request it serves. */
export const REQUEST = { http: { request: { url: "https://api.example.com/orders", method: "GET" } } };
