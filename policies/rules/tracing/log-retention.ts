import { ofType, unresolved } from "../../terraform/model";
import { compliant, type Rule, undecided, violation } from "../rule";

/** Logs are kept for a stated time. */
export const logRetention: Rule = {
  id: "log-retention",
  group: "tracing",
  severity: "warning",
  statement: "Every log group states how long it keeps events.",
  why: "A log group without retention keeps, and bills, for ever.",
  judge({ terraform }) {
    return ofType(terraform, "aws_cloudwatch_log_group").map((group) => {
      const days = group.values["retention_in_days"];
      if (typeof days === "number" && days > 0) return compliant(group);
      if (unresolved(group, "retention_in_days")) {
        return undecided(
          group,
          "retention_in_days is known only after apply",
          "give it a literal number of days",
        );
      }
      return violation(group, {
        found: "retention_in_days is absent or 0, which means for ever",
        expected: "a number of days above 0",
        nextStep: "set retention_in_days",
      });
    });
  },
};
