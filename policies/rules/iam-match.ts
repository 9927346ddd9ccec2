import { isUnresolved } from "../terraform/expression";
import { isObject } from "../terraform/model";
import { many, type ParsedStatement } from "./grants";

/** Whether a statement does something: yes, no, or the file does not say. */
export type Answer = "yes" | "no" | "unknown";

/** True when an IAM pattern with `*` and `?` covers an action; actions know no case. */
export function coversName(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i").test(name);
}

/** Whether a statement, of whatever effect, is about an action. */
export function coversAction(statement: ParsedStatement, action: string): Answer {
  if (statement["NotAction"] !== undefined) {
    if (many(statement["NotAction"]).some((one) => coversName(one, action))) return "no";
    return isUnresolved(statement["NotAction"]) ? "unknown" : "yes";
  }
  if (many(statement["Action"]).some((one) => coversName(one, action))) return "yes";
  return isUnresolved(statement["Action"]) ? "unknown" : "no";
}

/** True for `Allow`, also where a document leaves the effect out. */
export function allows(statement: ParsedStatement): boolean {
  return (statement["Effect"] ?? "Allow") === "Allow";
}

/** The conditions of a statement, one by one: operator, key in lower case, values. */
export function conditionsOf(
  statement: ParsedStatement,
): readonly { readonly operator: string; readonly key: string; readonly values: readonly string[] }[] {
  const written = isObject(statement["Condition"]) ? statement["Condition"] : {};
  return Object.entries(written).flatMap(([operator, keys]) =>
    Object.entries(isObject(keys) ? keys : {}).map(([key, values]) => ({
      operator,
      key: key.toLowerCase(),
      values: many(values),
    })),
  );
}

/** All of them: no if one is no, else unknown if one is unknown. */
export function every(answers: readonly Answer[]): Answer {
  if (answers.includes("no")) return "no";
  return answers.includes("unknown") ? "unknown" : "yes";
}

/** One of them: yes if one is yes, else unknown if one is unknown. */
export function some(answers: readonly Answer[]): Answer {
  if (answers.includes("yes")) return "yes";
  return answers.includes("unknown") ? "unknown" : "no";
}
