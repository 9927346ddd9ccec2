/** What a place answered about a pinned thing. */
export type Lookup =
  | { readonly state: "found"; readonly digest: string }
  | { readonly state: "absent"; readonly why: string }
  | { readonly state: "unreachable"; readonly why: string };

/** Milliseconds a host has for one answer. */
export const ANSWER_MS = 10_000;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** True for a host of this machine, the only kind that may be spoken to without TLS. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** The digest, if it is a SHA-256; otherwise what was said instead. */
export function found(digest: string | null | undefined, host: string): Lookup {
  if (typeof digest === "string" && DIGEST.test(digest)) return { state: "found", digest };
  return { state: "unreachable", why: `${host} gave ${digest ?? "no digest"} where sha256:… was expected` };
}

/** The innermost cause of an error, in as few words as it has. */
function reasonOf(error: unknown): string {
  const { cause, code, name, message } = error as NodeJS.ErrnoException;
  if (typeof cause === "object" && cause !== null) return reasonOf(cause);
  return typeof code === "string" ? code : name === "TimeoutError" ? "timeout" : message;
}

/** Says which host did not answer, why, and what to do. */
export function unreachable(host: string, error: unknown): Lookup {
  const why = `${host} did not answer (${reasonOf(error)}); run this where ${host} can be reached`;
  return { state: "unreachable", why };
}
