import { isObject, list, ofType, type Resource, type TerraformModel, text } from "./model";
import { resourcesAt } from "./targets";

/** What invokes a function. */
export interface Trigger {
  readonly kind: "schedule" | "event" | "topic" | "queue" | "stream" | "url" | "gateway" | "permission";
  /** False when it exists but is switched off. */
  readonly enabled: boolean;
  /** Seconds between invocations; schedules only, and only when they are regular. */
  readonly everySeconds?: number;
  /** The rule, subscription, mapping or permission. */
  readonly source: Resource;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86400 };

/**
 * Seconds between runs of an EventBridge schedule: `rate(5 minutes)`, and cron expressions whose runs are evenly
 * spaced by minute, hour or day.
 *
 * @returns `undefined` for an irregular or unreadable expression
 */
export function scheduleSeconds(expression: string): number | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression.trim());
  if (rate !== null) return Number(rate[1]) * (UNIT_SECONDS[rate[2] as string] as number);
  const cron = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression.trim());
  if (cron === null) return undefined;
  const [minute, hour, day, month, weekday, year] = cron.slice(1) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (![day, weekday].every((one) => one === "*" || one === "?") || month !== "*" || year !== "*")
    return undefined;
  if (/^\d+$/.test(minute) && /^\d+$/.test(hour)) return 86400;
  if (/^\d+$/.test(minute) && hour === "*") return 3600;
  const step = /^(?:\*|0)\/(\d+)$/;
  const minutes = minute === "*" ? 1 : Number(step.exec(minute)?.[1]);
  if (hour === "*" && 60 % minutes === 0) return minutes * 60;
  const hours = Number(step.exec(hour)?.[1]);
  return /^\d+$/.test(minute) && 24 % hours === 0 ? hours * 3600 : undefined;
}

const FUNCTION_TYPES = ["aws_lambda_function", "aws_lambda_alias"];

const invoked = new WeakMap<Resource, ReadonlySet<string>>();

/** Addresses of the functions a source invokes, directly or through an alias; every source has one such attribute. */
function functionsBehind(model: TerraformModel, source: Resource, attribute: string): ReadonlySet<string> {
  const known = invoked.get(source);
  if (known !== undefined) return known;
  const found = resourcesAt(model, source, attribute, FUNCTION_TYPES).flatMap((one) =>
    one.type === "aws_lambda_alias"
      ? resourcesAt(model, one, "function_name", ["aws_lambda_function"])
      : [one],
  );
  const addresses = new Set(found.map((one) => one.address));
  invoked.set(source, addresses);
  return addresses;
}

function invokes(model: TerraformModel, source: Resource, attribute: string, fn: Resource): boolean {
  return functionsBehind(model, source, attribute).has(fn.address);
}

function ruleTriggers(model: TerraformModel, fn: Resource): readonly Trigger[] {
  return ofType(model, "aws_cloudwatch_event_target")
    .filter((target) => invokes(model, target, "arn", fn))
    .flatMap((target) => resourcesAt(model, target, "rule", ["aws_cloudwatch_event_rule"]))
    .map((rule): Trigger => {
      const enabled = rule.values["state"] !== "DISABLED" && rule.values["is_enabled"] !== false;
      const expression = text(rule, "schedule_expression");
      if (expression === undefined || expression === "") return { kind: "event", enabled, source: rule };
      const everySeconds = scheduleSeconds(expression);
      return {
        kind: "schedule",
        enabled,
        source: rule,
        ...(everySeconds === undefined ? {} : { everySeconds }),
      };
    });
}

function schedulerTriggers(model: TerraformModel, fn: Resource): readonly Trigger[] {
  return ofType(model, "aws_scheduler_schedule")
    .filter((one) => invokes(model, one, "target", fn) || targetArnIs(one, fn))
    .map((one): Trigger => {
      const everySeconds = scheduleSeconds(text(one, "schedule_expression") ?? "");
      const enabled = one.values["state"] !== "DISABLED";
      return {
        kind: "schedule",
        enabled,
        source: one,
        ...(everySeconds === undefined ? {} : { everySeconds }),
      };
    });
}

function targetArnIs(schedule: Resource, fn: Resource): boolean {
  const target = list(schedule, "target")[0];
  return isObject(target) && target["arn"] !== undefined && target["arn"] === fn.values["arn"];
}

/** Everything in the file that invokes a function, directly or through an alias. */
export function triggersOf(model: TerraformModel, fn: Resource): readonly Trigger[] {
  const simple = (type: string, attribute: string, kind: Trigger["kind"]): readonly Trigger[] =>
    ofType(model, type)
      .filter((one) => invokes(model, one, attribute, fn))
      .map((source) => ({ kind, enabled: source.values["enabled"] !== false, source }));
  const subscriptions = ofType(model, "aws_sns_topic_subscription")
    .filter((one) => text(one, "protocol") === "lambda" && invokes(model, one, "endpoint", fn))
    .map((source): Trigger => ({ kind: "topic", enabled: true, source }));
  const mappings = simple("aws_lambda_event_source_mapping", "function_name", "queue").map((one) =>
    resourcesAt(model, one.source, "event_source_arn", ["aws_sqs_queue"]).length > 0
      ? one
      : { ...one, kind: "stream" as const },
  );
  const permissions = simple("aws_lambda_permission", "function_name", "permission").filter(
    ({ source }) => !["events.amazonaws.com", "sns.amazonaws.com"].includes(text(source, "principal") ?? ""),
  );
  return [
    ...ruleTriggers(model, fn),
    ...schedulerTriggers(model, fn),
    ...subscriptions,
    ...mappings,
    ...simple("aws_lambda_function_url", "function_name", "url"),
    ...permissions.map((one) =>
      text(one.source, "principal") === "apigateway.amazonaws.com"
        ? { ...one, kind: "gateway" as const }
        : one,
    ),
  ];
}

/** The shortest regular schedule that invokes a function, seconds; `undefined` when there is none that is on. */
export function cadenceOf(model: TerraformModel, fn: Resource): number | undefined {
  const every = triggersOf(model, fn).flatMap((one) =>
    one.enabled && one.everySeconds !== undefined ? [one.everySeconds] : [],
  );
  return every.length === 0 ? undefined : Math.min(...every);
}
