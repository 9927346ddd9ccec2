import { ofType } from "../terraform/model";
import type { Rule } from "./rule";

/** Logs are kept for a stated time. */
export const logRetention: Rule = {
  id: "log-retention",
  statement: "Every log group states how long it keeps events.",
  why: "A log group without retention keeps, and bills, for ever.",
  check({ terraform }) {
    return ofType(terraform, "aws_cloudwatch_log_group")
      .filter(
        (group) =>
          typeof group.values["retention_in_days"] !== "number" || group.values["retention_in_days"] === 0,
      )
      .map((group) => ({
        path: group.path,
        found: "retention_in_days is absent or 0, which means for ever",
        expected: "a number of days above 0",
        nextStep: "set retention_in_days",
      }));
  },
};
