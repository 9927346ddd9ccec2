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

/** Says which host did not answer, why, and what to do. */
export function unreachable(host: string, error: unknown): Lookup {
  const reasons: string[] = [];
  for (let one: unknown = error; one instanceof Error; one = one.cause)
    reasons.push(
      (one as NodeJS.ErrnoException).code ?? (one.name === "TimeoutError" ? "timeout" : one.message),
    );
  const reason = [...new Set(reasons.map(String))].join(": ") || String(error);
  return {
    state: "unreachable",
    why: `${host} did not answer (${reason}); run this where ${host} can be reached`,
  };
}
