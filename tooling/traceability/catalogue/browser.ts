import type { Entry } from "../requirement";

/** What browser clients, their headers and the mail they trigger must do. */
export const BROWSER_ENTRIES: readonly Entry[] = [
  ["FE-1", "TF EMU BR AWS", "CORS admits and exposes the headers the clients use"],
  ["FE-2", "TF EMU BR", "Preflights are remembered for two hours"],
  ["FE-3", "BR", "The API client sends a trace root on every request, undecided"],
  ["FE-4", "RT", "A proxy hands the trace header on and never makes one"],
  ["FE-5", "BR", "With RUM on, the first request waits for it, but not for ever"],
  ["FE-6", "TF", "No CDN stands before these origins to rewrite the header"],
  ["CLI-1", "STATIC BR", "The stream is read with fetch, not EventSource"],
  ["CLI-2", "RT", "The parser gives the same events however the bytes are split"],
  ["CLI-3", "BR", "Four endings, each with its own delay before reconnecting"],
  ["CLI-4", "BR", "Each connection tells session, number and previous trace"],
  ["CLI-5", "BR", "Tearing the client down leaves nothing behind"],
  ["SG-1", "RT", "Sending mail is one subsegment with its outcome and no secret"],
];
