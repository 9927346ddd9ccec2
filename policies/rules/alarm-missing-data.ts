import { ofType, text } from "../terraform/model";
import { nameOf } from "./alarms";
import type { Rule } from "./rule";

const ALLOWED = ["breaching", "missing", "notBreaching"];

/** Missing data is a decision, never a default (ALM-3). */
export const alarmMissingData: Rule = {
  id: "alarm-missing-data",
  statement: "Every metric alarm sets treat_missing_data to breaching, missing or notBreaching.",
  why: "Silence is what an outage looks like; the provider's default hides it, and ignore freezes the last state.",
  check({ terraform }) {
    return ofType(terraform, "aws_cloudwatch_metric_alarm").flatMap((alarm) => {
      const treatment = text(alarm, "treat_missing_data");
      if (treatment !== undefined && ALLOWED.includes(treatment)) return [];
      return [
        {
          path: alarm.path,
          found: `treat_missing_data of ${nameOf(alarm)} is ${treatment ?? "absent"}`,
          expected: `one of ${ALLOWED.join(", ")}`,
          nextStep: "breaching for proof of life, notBreaching for cost, missing for everything else (R-04)",
        },
      ];
    });
  },
};
