import * as v from "valibot";
import type { EmitterKnowledge } from "../policies/rules/knowledge";
import { InputError, readJson } from "./terraform-file";

const EMISSION = v.strictObject({
  namespace: v.string(),
  metric: v.string(),
  dimensions: v.optional(v.record(v.string(), v.string()), {}),
});

const FUNCTION = v.strictObject({
  handlerErrors: v.optional(v.picklist(["raised", "answered", "caught"]), "raised"),
  invoked: v.optional(v.picklist(["yes", "never"]), "yes"),
  emits: v.optional(v.array(EMISSION), []),
  logLines: v.optional(v.array(v.string()), []),
});

const KNOWLEDGE = v.strictObject({ functions: v.record(v.string(), FUNCTION) });

const EXPECTED =
  'a knowledge file: {"functions": {"NAME": {"handlerErrors": "raised", "answered" or "caught", "invoked": "yes" or "never", ' +
  '"emits": [{"namespace", "metric", "dimensions"}], "logLines": [text]}}}';

const NEXT_STEP = "describe every function by its Lambda name; docs/instruments.md has an example";

/** The schema's first complaint as place, found and expected. */
export function complaint(file: string, issue: v.BaseIssue<unknown>, nextStep: string): InputError {
  const place = v.getDotPath(issue);
  const unknownKey = issue.type === "strict_object" && issue.expected === "never";
  const found = unknownKey ? "an unknown key" : issue.received === "undefined" ? "nothing" : issue.received;
  const expected = unknownKey
    ? "no such key"
    : issue.kind === "validation"
      ? issue.message
      : (issue.expected ?? issue.message);
  return new InputError(place === null ? file : `${file}: ${place}`, found, expected, nextStep);
}

/**
 * Reads what the owner of an application knows about its emitters.
 *
 * @throws InputError naming the file, the key, what was found and what was expected
 */
export function readKnowledge(file: string): EmitterKnowledge {
  const parsed = v.safeParse(KNOWLEDGE, readJson(file, EXPECTED, NEXT_STEP));
  if (parsed.success) return parsed.output;
  throw complaint(file, parsed.issues[0], NEXT_STEP);
}
