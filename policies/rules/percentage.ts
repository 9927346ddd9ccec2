import { isObject, list } from "../terraform/model";
import type { MetricAlarm, Series } from "./series";

/** An alarm on a share of a whole, and the largest value the share can have. */
export interface Share {
  readonly part: Series;
  readonly whole: Series;
  /** 100 when the expression multiplies by it, 1 otherwise. */
  readonly most: number;
}

const ID = "([a-z]\\w*)";
const FORMS: readonly (readonly [RegExp, number])[] = [
  [new RegExp(`^100\\*${ID}/${ID}$`), 100],
  [new RegExp(`^${ID}\\*100/${ID}$`), 100],
  [new RegExp(`^${ID}/${ID}\\*100$`), 100],
  [new RegExp(`^${ID}/${ID}$`), 1],
];

/** Strips blanks, brackets that do not matter here, and `IF(condition, share, 0)`. */
function reduced(expression: string): string {
  const bare = expression.replace(/\s+/g, "").replace(/100\.0+/g, "100");
  const guarded = /^IF\([^,]+,(.+?)(?:,0)?\)$/.exec(bare)?.[1] ?? bare;
  return guarded.replace(/[()]/g, "");
}

/** Pairs whose first is counted within the second. */
function isPartOf(part: Series, whole: Series): boolean {
  if (JSON.stringify(part.dimensions) !== JSON.stringify(whole.dimensions)) return false;
  if (part.namespace !== whole.namespace || part.statistic !== whole.statistic) return false;
  return (
    /(error|fail|fault|[45]xx)/i.test(part.name) &&
    /^(Invocations|Count|UrlRequestCount)$|(calls|attempts|attempted|requests|invocations|total|sent)$/i.test(
      whole.name,
    )
  );
}

/** The share an alarm compares; `undefined` when it compares something else. */
export function shareOf(alarm: MetricAlarm): Share | undefined {
  const result = list(alarm.resource, "metric_query").find(
    (one) => isObject(one) && one["return_data"] === true,
  );
  const written = isObject(result) ? result["expression"] : undefined;
  if (typeof written !== "string") return undefined;
  for (const [form, most] of FORMS) {
    const match = form.exec(reduced(written));
    const part = alarm.series.find((one) => one.id === match?.[1]);
    const whole = alarm.series.find((one) => one.id === match?.[2]);
    if (part !== undefined && whole !== undefined && isPartOf(part, whole)) return { part, whole, most };
  }
  return undefined;
}
