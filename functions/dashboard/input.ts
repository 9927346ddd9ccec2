import {
  type BaseIssue,
  type BaseSchema,
  getDescription,
  type InferOutput,
  type ObjectEntries,
  type ObjectSchema,
  object,
  safeParse,
} from "valibot";
import type { Call } from "./call";
import { type FieldError, Problem } from "./problem";
import type { ApiRequest } from "./request";

/** What some fields hold once they are read. */
export type Fields<E extends ObjectEntries> = InferOutput<ObjectSchema<E, undefined>>;

type Field = BaseSchema<unknown, unknown, BaseIssue<unknown>> & { readonly wrapped?: Field };

/** What a field must be; an optional one is described inside. */
function expectedOf(field: Field | undefined): string {
  if (field === undefined) return "valid";
  return getDescription(field) ?? expectedOf(field.wrapped);
}

function refuse(fields: readonly string[], entries: ObjectEntries): never {
  const errors = [...new Set(fields)].map((field): FieldError => {
    const known = Object.hasOwn(entries, field);
    return { field, expected: expectedOf(known ? (entries[field] as Field) : undefined) };
  });
  const detail = errors.map(({ field, expected }) => `${field} must be ${expected}`).join("; ");
  throw new Problem("invalid-request", `${detail}.`, { errors });
}

function checked<E extends ObjectEntries>(
  given: Readonly<Record<string, unknown>>,
  entries: E,
  kind: "query parameter" | "field" | "part of the path",
): Fields<E> {
  const allowed = Object.keys(entries);
  if (Object.keys(given).some((name) => !allowed.includes(name))) {
    const known = allowed.length > 0 ? `these ${kind}s: ${allowed.join(", ")}` : `no ${kind}s`;
    throw new Problem("invalid-request", `This route knows ${known}.`);
  }
  const result = safeParse(object(entries), given);
  if (result.success) return result.output;
  // Valibot's own messages repeat what was sent, so a field is described by its schema instead.
  return refuse(
    result.issues.map(({ path }) => String(path?.[0].key)),
    entries,
  );
}

/**
 * Reads the query.
 *
 * @param entries schemas by parameter, each with a `description` that completes "must be"
 * @throws Problem `invalid-request` for parameters that are unknown, given twice or wrong
 */
export function readQuery<E extends ObjectEntries>({ query }: ApiRequest, entries: E): Fields<E> {
  const given = [...query].map(([name, values]): [string, unknown] => [
    name,
    values.length === 1 ? values[0] : values,
  ]);
  return checked(Object.fromEntries(given), entries, "query parameter");
}

/**
 * Reads the parameters of the path.
 *
 * @param entries as of {@link readQuery}
 * @throws Problem `invalid-request` for parameters that are wrong
 */
export function readParameters<E extends ObjectEntries>({ parameters }: Call, entries: E): Fields<E> {
  return checked(parameters, entries, "part of the path");
}

const JSON_TYPE = /^application\/json *(; *charset="?utf-8"?)?$/i;

function parsed({ headers, body }: ApiRequest): unknown {
  if (body === undefined) return {};
  if (!JSON_TYPE.test(headers.get("content-type") ?? "")) {
    throw new Problem("unsupported-media-type", "Send application/json in UTF-8.");
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Problem("invalid-request", "The body is not JSON in UTF-8.");
  }
}

/**
 * Reads the JSON object in the body; no body is an empty object.
 *
 * @param entries as of {@link readQuery}
 * @throws Problem `unsupported-media-type`; `invalid-request` for anything that is not such an object
 */
export function readBody<E extends ObjectEntries>(request: ApiRequest, entries: E): Fields<E> {
  const value = parsed(request);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Problem("invalid-request", "The body is not a JSON object.");
  }
  return checked(value as Readonly<Record<string, unknown>>, entries, "field");
}
