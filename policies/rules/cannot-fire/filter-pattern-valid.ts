import { filterPattern } from "../filter-pattern/filter-pattern";
import { AFTER_APPLY } from "../finding";
import { metricFilters } from "../metric-filters";
import { compliant, type Rule, undecided, violation } from "../rule";

/** Filter patterns are ones CloudWatch Logs can read. */
export const filterPatternValid: Rule = {
  id: "filter-pattern-valid",
  group: "cannot-fire",
  severity: "error",
  statement: "Every log metric filter has a pattern CloudWatch Logs can read.",
  why: "CloudWatch refuses it at apply, or takes it for words and counts nothing.",
  judge({ terraform }) {
    return metricFilters(terraform).map(({ resource, pattern }) => {
      if (pattern === undefined)
        return undecided(resource, "its pattern is known only after apply", AFTER_APPLY);
      const read = filterPattern(pattern);
      if (read.kind !== "invalid") return compliant(resource);
      return violation(resource, {
        found: `the pattern ${pattern} is not valid: ${read.why}`,
        expected: 'words, [fields], or { $.field = "value" && $.other IS TRUE }',
        nextStep: "correct the pattern and try it with `aws logs test-metric-filter`",
      });
    });
  },
};
