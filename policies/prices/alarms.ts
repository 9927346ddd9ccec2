import { alarmsIn, watchedBy } from "../rules/alarms";
import { isObject, list, type Resource, type TerraformModel } from "../terraform/model";
import { type Item, pricesOf } from "./table";

/** Something a resource is billed for. */
export interface Charge {
  readonly item: Item;
  /** Construct path, or Terraform address. */
  readonly path: string;
  /** Units a month. */
  readonly quantity: number;
}

function periodOf(alarm: Resource): number {
  const periods = list(alarm, "metric_query")
    .filter(isObject)
    .flatMap((query) => (Array.isArray(query["metric"]) ? query["metric"] : [query["metric"]]))
    .flatMap((metric) => (isObject(metric) ? [Number(metric["period"])] : []));
  return Math.min(...[Number(alarm.values["period"] ?? 60), ...periods].filter((one) => one > 0));
}

/**
 * What an alarm is billed for: each metric it reads, more below a minute, or itself when it is a composite. Alarms are
 * billed for existing, whether their actions are enabled or not (CloudWatch pricing).
 */
export function alarmCharge(alarm: Resource): Charge {
  if (alarm.type === "aws_cloudwatch_composite_alarm") {
    return { item: "alarm-composite", path: alarm.path, quantity: 1 };
  }
  const item = periodOf(alarm) < 60 ? "alarm-metric-high-resolution" : "alarm-metric";
  return { item, path: alarm.path, quantity: Math.max(1, watchedBy(alarm).length) };
}

/** USD a month for alarms: all of them, and what remains when the account's free allowance is theirs alone. */
export interface AlarmPrice {
  readonly grossUsd: number;
  readonly netUsd: number;
}

/** The price of the alarms of a file; alarm prices are the same in every region of the table. */
export function monthlyAlarmPrice(model: TerraformModel): AlarmPrice {
  const prices = pricesOf("us-east-1");
  if (prices === undefined) throw new Error("policies/prices/table.ts has no us-east-1");
  const quantities = new Map<Item, number>();
  for (const { item, quantity } of alarmsIn(model).map(alarmCharge)) {
    quantities.set(item, (quantities.get(item) ?? 0) + quantity);
  }
  let grossUsd = 0;
  let netUsd = 0;
  for (const [item, quantity] of quantities) {
    grossUsd += quantity * prices[item].usd;
    netUsd += Math.max(0, quantity - prices[item].free) * prices[item].usd;
  }
  return { grossUsd, netUsd };
}
