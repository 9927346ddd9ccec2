import { ofType, type Resource, type TerraformModel, text } from "../../policies/terraform/model";

/** A sampling rule that may match a function. */
interface Rule {
  readonly priority: number;
  /** Traces a second recorded in any case. */
  readonly reservoir: number;
  /** Share of the rest, 0 to 1. */
  readonly rate: number;
  readonly pattern: string;
}

/** What X-Ray does without a rule: one a second and 5 %. */
export const DEFAULT_RULE: Rule = { priority: 10_000, reservoir: 1, rate: 0.05, pattern: "*" };

function ruleOf(resource: Resource): Rule | undefined {
  const { priority, reservoir_size: reservoir, fixed_rate: rate } = resource.values;
  const pattern = text(resource, "service_name");
  if ([priority, reservoir, rate].some((one) => typeof one !== "number") || pattern === undefined)
    return undefined;
  return { priority: Number(priority), reservoir: Number(reservoir), rate: Number(rate), pattern };
}

/** Whether a text fits a pattern of a rule: `*` stands for any text, `?` for one character, and case does not count. */
export function matches(pattern: string, name: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, "is").test(name);
}

/**
 * Traces recorded: the reservoir, and the rate of what is beyond it (SMP-9).
 *
 * @param perSecond requests a second
 */
export function sampled(
  perSecond: number,
  rule: { readonly reservoir: number; readonly rate: number },
): number {
  const reserved = Math.min(perSecond, rule.reservoir);
  return reserved + rule.rate * (perSecond - reserved);
}

/** Rules whose figures apply decides; what they let through cannot be priced. */
export function unreadableRules(terraform: TerraformModel): readonly Resource[] {
  return ofType(terraform, "aws_xray_sampling_rule").filter((one) => ruleOf(one) === undefined);
}

/**
 * Traces a function starts in a month, by the first rule, by priority, that matches its name. AWS documents Lambda's own
 * rate as fixed, so this is what the rules say and not a promise.
 */
export function tracesPerMonth(
  terraform: TerraformModel,
  name: string,
  requestsPerMonth: number,
  daysPerMonth: number,
): number {
  const rules = ofType(terraform, "aws_xray_sampling_rule").flatMap((one) => ruleOf(one) ?? []);
  const byPriority = [...rules, DEFAULT_RULE].sort((a, b) => a.priority - b.priority);
  const rule = byPriority.find((one) => matches(one.pattern, name)) ?? DEFAULT_RULE;
  const seconds = daysPerMonth * 86_400;
  return sampled(requestsPerMonth / seconds, rule) * seconds;
}
