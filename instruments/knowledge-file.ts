import * as v from "valibot";
import type { EmitterKnowledge } from "../policies/rules/knowledge";
import { functionNameOf } from "../policies/rules/watched-function";
import { isUnresolved } from "../policies/terraform/expression";
import { ofType, type TerraformModel } from "../policies/terraform/model";
import { distance } from "./distance";
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

/** Letters by which a name that is not in the file may differ from one that nobody described, to be taken for it. */
const SLIP = 2;

/** A name close to a function nobody described is a slip; any other may belong to another stack. */
function checkNames(file: string, knowledge: EmitterKnowledge, terraform: TerraformModel): void {
  const names = ofType(terraform, "aws_lambda_function").map(functionNameOf);
  const written = Object.keys(knowledge.functions);
  const undescribed = names.filter((name) => !isUnresolved(name) && !written.includes(name));
  for (const name of written.filter((one) => !names.includes(one))) {
    const meant = undescribed.find((one) => distance(one.toLowerCase(), name.toLowerCase()) <= SLIP);
    if (meant === undefined) continue;
    throw new InputError(
      `${file}: functions.${name}`,
      "a function the Terraform file does not have",
      `one of ${names.slice(0, NAMED).join(", ")}${names.length > NAMED ? " and others" : ""}`,
      `did you mean ${meant}`,
    );
  }
}

/** Functions named in a message. */
const NAMED = 10;

/**
 * Reads what the owner of an application knows about its emitters.
 *
 * @throws InputError naming the file, the key, what was found and what was expected; also for a function the Terraform
 *   does not have whose name is close to one of it that is not described
 */
export function readKnowledge(file: string, terraform: TerraformModel): EmitterKnowledge {
  const parsed = v.safeParse(KNOWLEDGE, readJson(file, EXPECTED, NEXT_STEP));
  if (!parsed.success) throw complaint(file, parsed.issues[0], NEXT_STEP);
  checkNames(file, parsed.output, terraform);
  return parsed.output;
}
