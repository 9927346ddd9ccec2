import { isUnresolved } from "../terraform/expression";
import { isObject } from "../terraform/model";
import { many, type ParsedStatement } from "./grants";
import { type Answer, allows, conditionsOf, coversAction, every, some } from "./iam-match";

/** The service that publishes for alarms. */
export const CLOUDWATCH = "cloudwatch.amazonaws.com";

/** Principals: the service itself, everybody, or an account, of which AWS does not say whether it covers services. */
function names(statement: ParsedStatement): Answer {
  const principal = statement["Principal"];
  if (statement["NotPrincipal"] !== undefined) return "unknown";
  if (principal === "*") return "yes";
  if (!isObject(principal)) return isUnresolved(principal) ? "unknown" : "no";
  if (many(principal["Service"]).includes(CLOUDWATCH)) return "yes";
  if ([...many(principal["AWS"]), ...many(principal["*"])].includes("*")) return "yes";
  if (isUnresolved(principal["Service"])) return "unknown";
  return "no";
}

/** Keys by which an account admits services that act for it. */
const OWN = ["aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid"];

/** Whether the conditions of a statement hold when an alarm of this account publishes. */
function holds(statement: ParsedStatement): Answer {
  return every(
    conditionsOf(statement).map(({ operator, key, values }): Answer => {
      if (key === "aws:securetransport") return values.includes("false") ? "no" : "yes";
      if (OWN.includes(key)) return operator.includes("Not") ? "unknown" : "yes";
      if (key !== "aws:sourcearn" || operator.includes("Not")) return "unknown";
      if (values.some((one) => /^(\*|arn:[^:]*:(\*|cloudwatch):)/.test(one))) return "yes";
      return values.length === 0 || isUnresolved(values) ? "unknown" : "no";
    }),
  );
}

/**
 * Whether a resource policy lets CloudWatch alarms of the same account do something.
 *
 * @param statements of the policy of a topic or key
 */
export function alarmsMay(statements: readonly ParsedStatement[], action: string): Answer {
  const by = (effect: readonly ParsedStatement[]): Answer =>
    some(effect.map((one) => every([coversAction(one, action), names(one), holds(one)])));
  const denied = by(statements.filter((one) => !allows(one)));
  if (denied === "yes") return "no";
  const allowed = by(statements.filter(allows));
  return allowed === "yes" && denied === "unknown" ? "unknown" : allowed;
}
