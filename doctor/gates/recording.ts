import { InputError, readJson } from "../../instruments/terraform-file";
import { isObject } from "../../policies/terraform/model";

/** What a gate read from AWS, by the name of the answer. */
export type Recording = Readonly<Record<string, unknown>>;

const EXPECTED = "what a gate read: an object such as --record writes";
const NEXT_STEP = "run the gate with --record FILE where AWS can be asked";

/** Reads a recording. @throws InputError when the file is something else */
export function readRecording(file: string): Recording {
  const parsed = readJson(file, EXPECTED, NEXT_STEP);
  if (isObject(parsed)) return parsed;
  throw new InputError(file, "no JSON object", EXPECTED, NEXT_STEP);
}
