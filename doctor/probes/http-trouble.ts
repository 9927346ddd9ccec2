import { failureOf } from "../aws/failure";

/** Milliseconds a server has for an answer to a probe. */
export const ANSWER_MS = 5000;

/** Why a request over HTTP brought no answer, in as few words as the system has. @param error what `fetch` threw */
export function httpTrouble(error: unknown): string {
  const cause = typeof error === "object" && error !== null && "cause" in error ? error.cause : error;
  const { code, name } = failureOf(cause);
  if (name === "TimeoutError") return `no answer in ${ANSWER_MS / 1000} s`;
  return code === "" ? "no HTTP answer" : code;
}
