import { readFileSync } from "node:fs";
import { array, looseObject, number, optional, parse, string } from "valibot";
import { InputError } from "../../instruments/terraform-file";

/** Headers by name in lower case. */
export type HeadersByName = Readonly<Record<string, string>>;

/** One request of a recorded visit. */
export interface VisitedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeadersByName;
  /** 0 when no answer came, or none the page may read. */
  readonly status: number;
  readonly answerHeaders: HeadersByName;
}

const HEADERS = array(looseObject({ name: string(), value: string() }));

/** The part of the HTTP archive format 1.2 that is read. */
const ARCHIVE = looseObject({
  log: looseObject({
    entries: array(
      looseObject({
        request: looseObject({ method: string(), url: string(), headers: HEADERS }),
        response: optional(looseObject({ status: number(), headers: HEADERS })),
      }),
    ),
  }),
});

function byName(headers: readonly { readonly name: string; readonly value: string }[]): HeadersByName {
  return Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value]));
}

/**
 * Reads a visit recorded as an HTTP archive (HAR), as browsers save it from their network tools.
 *
 * @throws InputError when there is no such file or it is something else; its content is never part of the message
 */
export function readVisit(file: string): readonly VisitedRequest[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new InputError(
      file,
      "no readable file",
      "an HTTP archive",
      "save one from the browser's network tools",
    );
  }
  try {
    return parse(ARCHIVE, JSON.parse(text)).log.entries.flatMap(({ request, response }) =>
      URL.canParse(request.url)
        ? [
            {
              method: request.method.toUpperCase(),
              url: new URL(request.url),
              headers: byName(request.headers),
              status: Math.max(0, response?.status ?? 0),
              answerHeaders: byName(response?.headers ?? []),
            },
          ]
        : [],
    );
  } catch {
    throw new InputError(
      file,
      "something else",
      "an HTTP archive (HAR 1.2) with requests and answers",
      "save one from the browser's network tools, or record one with Playwright",
    );
  }
}
