import { HEADERS } from "../contract/headers";
import { ApiError, type ApiErrorCode, type FieldError } from "./api-error";
import { retryAfterMs } from "./retry-after";
import { bareTraceId } from "./trace-header";

/** The members of a problem report (RFC 9457) a client reads. */
interface Problem {
  readonly type?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly trace_id?: unknown;
  readonly errors?: unknown;
}

const LONGEST_TEXT = 300;
const MOST_FIELDS = 20;

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, LONGEST_TEXT) : undefined;
}

async function jsonOf(response: Response): Promise<unknown> {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(response.headers.get("content-type") ?? "")
    ? ((await response.json()) as unknown)
    : undefined;
}

/** The last part of a problem's type, `https://…/problems/limit-reached`; `about:blank` says nothing. */
function codeOf({ type }: Problem, status: number): ApiErrorCode {
  const name = textOf(type)?.split(/[/#:]/).at(-1);
  return name === undefined || name === "" || name === "blank" ? `HTTP_${status}` : name;
}

function fieldsOf({ errors }: Problem): readonly FieldError[] {
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, MOST_FIELDS).flatMap((one: { field?: unknown; expected?: unknown } | null) => {
    const field = textOf(one?.field);
    const expected = textOf(one?.expected);
    return field === undefined || expected === undefined ? [] : [{ field, expected }];
  });
}

/** The trace id of an answer: its header's, if a script may read it (D30), else the sent one. */
export function traceIdOf(response: Response, sent: string | undefined): string | undefined {
  return bareTraceId(response.headers.get(HEADERS.traceId)) ?? sent;
}

/** The error an answer other than 2xx stands for. */
export async function refusalOf(response: Response, sent: string | undefined): Promise<ApiError> {
  const { status } = response;
  const parsed = await jsonOf(response).catch(() => undefined);
  const problem: Problem = typeof parsed === "object" && parsed !== null ? parsed : {};
  const message =
    textOf(problem.detail) ?? textOf(problem.title) ?? `The API answered ${status} without a reason.`;
  return new ApiError(message, {
    code: codeOf(problem, status),
    status,
    traceId: traceIdOf(response, bareTraceId(problem.trace_id) ?? sent),
    retryAfterMs: retryAfterMs(response.headers.get("retry-after")),
    fields: fieldsOf(problem),
  });
}

/**
 * The value of an answer of 2xx; `undefined` for 204.
 *
 * @throws ApiError with code `UNKNOWN_ERROR` when it is no JSON
 */
export async function jsonValueOf(response: Response, sent: string | undefined): Promise<unknown> {
  const { status } = response;
  if (status === 204) return undefined;
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const details = { code: "UNKNOWN_ERROR", status, traceId: traceIdOf(response, sent) };
    throw new ApiError(`The API answered ${status} with something that is not JSON.`, details, { cause });
  }
}
