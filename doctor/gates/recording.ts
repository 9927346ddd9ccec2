import * as v from "valibot";
import { complaint } from "../../instruments/knowledge-file";
import { InputError, readJson } from "../../instruments/terraform-file";
import { isObject } from "../../policies/terraform/model";

/** What a recording is of. Another question cannot be judged by it. */
export interface Asked {
  /** Name of the gate, or of what several gates read alike. */
  readonly reads: string;
  readonly environment: string;
  readonly service?: string | undefined;
  /** Since when the release has been live, ISO 8601, if that was asked. */
  readonly released?: string | undefined;
  /** When somebody changed what the gate watches, ISO 8601, if that was asked. */
  readonly changed?: string | undefined;
}

/** What a gate read from AWS, by the name of the answer, and of what. */
export type Recording = Readonly<Record<string, unknown>>;

const EXPECTED = "what a gate read: an object such as --record writes";
const NEXT_STEP = "run the gate with --record FILE where AWS can be asked";

const ABOUT = v.object({
  RecordedAt: v.pipe(v.string(), v.isoTimestamp("an ISO 8601 time with a zone")),
  Asked: v.object({
    reads: v.string(),
    environment: v.string(),
    service: v.optional(v.string()),
    released: v.optional(v.string()),
    changed: v.optional(v.string()),
  }),
});

function inWords({ reads, environment, service, released, changed }: Asked): string {
  return [
    `${reads} of ${environment}`,
    ...(service === undefined ? [] : [service]),
    ...(released === undefined ? [] : [`since ${released}`]),
    ...(changed === undefined ? [] : [`after the change of ${changed}`]),
  ].join(" ");
}

/** What a recording has to begin with. */
export function aboutRecording(asked: Asked, at: string): Recording {
  return { RecordedAt: at, Asked: asked };
}

/**
 * Reads a recording.
 *
 * @returns its content and when it was made
 * @throws InputError when the file is something else, or answers another question
 */
export function readRecording(
  file: string,
  asked: Asked,
): { readonly recording: Recording; readonly at: string } {
  const parsed = readJson(file, EXPECTED, NEXT_STEP);
  if (!isObject(parsed)) throw new InputError(file, "no JSON object", EXPECTED, NEXT_STEP);
  const about = v.safeParse(ABOUT, parsed);
  if (!about.success) throw complaint(file, about.issues[0], NEXT_STEP);
  const [found, wanted] = [inWords(about.output.Asked), inWords(asked)];
  if (found === wanted) return { recording: parsed, at: about.output.RecordedAt };
  throw new InputError(
    file,
    found,
    wanted,
    "give the options it was recorded with, or record again with those you mean",
  );
}
