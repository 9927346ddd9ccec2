import type { Resource, TerraformModel } from "../../terraform/model";
import { alarmsWhenHigh } from "../comparison";
import { bad, GOOD, judged } from "../finding";
import type { Rule } from "../rule";
import { metricAlarms, singleSeries } from "../series";
import { watchedFunction } from "../watched-function";

interface Limit {
  readonly alarm: Resource;
  readonly threshold: number;
  readonly timeout: number;
}

/** A threshold at this share of a timeout was made from that timeout (ALM-4 asks for 0.8 to 0.9). */
const DERIVED = { from: 0.75, to: 0.95 };

const share = (one: Limit): number => one.threshold / one.timeout;

function derived(one: Limit): boolean {
  return share(one) >= DERIVED.from && share(one) <= DERIVED.to;
}

function limits(terraform: TerraformModel): readonly Limit[] {
  return metricAlarms(terraform)
    .filter(alarmsWhenHigh)
    .flatMap((alarm) => {
      const series = singleSeries(alarm);
      if (series?.name !== "Duration" || alarm.threshold === undefined) return [];
      const fn = watchedFunction(terraform, series);
      const seconds = fn === undefined ? undefined : (fn.values["timeout"] ?? 3);
      if (typeof seconds !== "number" || seconds <= 0) return [];
      return [{ alarm: alarm.resource, threshold: alarm.threshold, timeout: seconds * 1000 }];
    });
}

/** A limit made from one function's timeout is not copied to functions with another. */
export const thresholdFollowsTimeout: Rule = {
  id: "threshold-follows-timeout",
  group: "lies",
  severity: "warning",
  statement:
    "No duration threshold made from one function's timeout is used for a function with another timeout.",
  why: "Four fifths of one timeout may be twice another, which is never reached, or half of a third (ALM-4).",
  judge({ terraform }) {
    const all = limits(terraform);
    return all.flatMap((one) => {
      const model = all.find(
        (other) => other.threshold === one.threshold && other.timeout !== one.timeout && derived(other),
      );
      if (model === undefined || derived(one)) return judged(one.alarm, [GOOD]);
      const percent = (of: Limit) => `${Math.round(100 * share(of))} %`;
      return judged(one.alarm, [
        bad(
          `${one.threshold} ms is ${percent(one)} of this timeout of ${one.timeout / 1000} s; ${model.alarm.address} has the same number at ${percent(model)} of ${model.timeout / 1000} s`,
          `the same share: ${Math.round(share(model) * one.timeout)} ms`,
          "compute the threshold from the function's own timeout",
        ),
      ]);
    });
  },
};
