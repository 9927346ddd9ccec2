import { isAwsNamespace } from "../../aws-metrics";
import { type MetricFilter, metricFilters } from "../metric-filters";
import { compliant, type Judgement, type Rule, violation } from "../rule";
import { metricAlarms, type Series } from "../series";

function same(left: string | undefined, right: string): boolean {
  return left?.toLowerCase() === right.toLowerCase();
}

function reads(series: Series, filter: MetricFilter): boolean {
  return series.namespace === filter.namespace && series.name === filter.name;
}

/** A series no filter feeds that must mean this one: its name in other case or place, or the only other name there. */
function misses(series: Series, filter: MetricFilter, unread: readonly MetricFilter[]): boolean {
  const there = unread.filter((one) => one.namespace === series.namespace);
  return same(filter.name, series.name) || (there.length === 1 && there[0]?.resource === filter.resource);
}

/** What a filter counts arrives where an alarm looks for it. */
export const filterMetricWatched: Rule = {
  id: "filter-metric-watched",
  group: "cannot-fire",
  severity: "warning",
  statement: "No log filter counts into a metric that an alarm looks for under another name or namespace.",
  why: "The filter counts, nobody reads it, and the alarm beside it waits for a metric nobody writes.",
  judge({ terraform }) {
    const filters = metricFilters(terraform);
    const watched = metricAlarms(terraform)
      .flatMap(({ resource, series }) => series.map((one) => ({ alarm: resource, one })))
      .filter(({ one }) => !isAwsNamespace(one.namespace));
    const orphans = watched.filter(({ one }) => !filters.some((filter) => reads(one, filter)));
    const unread = filters.filter((filter) => !watched.some(({ one }) => reads(one, filter)));
    return filters.flatMap((filter): readonly Judgement[] => {
      if (filter.namespace === undefined || filter.name === undefined) return [];
      if (!unread.includes(filter)) return [compliant(filter.resource)];
      const near = orphans.find(({ one }) => misses(one, filter, unread));
      if (near === undefined) return [];
      return [
        violation(filter.resource, {
          found: `it writes ${filter.namespace} ${filter.name}, which nothing reads; ${near.alarm.address} reads ${near.one.namespace} ${near.one.name}`,
          expected: "the same namespace and name in filter and alarm, letter for letter",
          nextStep: "refer to metric_transformation[0].name and .namespace of the filter in the alarm",
        }),
      ];
    });
  },
};
