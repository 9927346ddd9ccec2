import { ofType, text, unresolved } from "../../terraform/model";
import { nameOf } from "../alarms";
import { AFTER_APPLY } from "../finding";
import { compliant, type Rule, undecided, violation } from "../rule";

const ALLOWED = ["breaching", "missing", "notBreaching"];
const ADVICE = "breaching for proof of life, notBreaching for cost, missing for everything else (R-04)";

/** Missing data is a decision, never a default (ALM-3). */
export const alarmMissingData: Rule = {
  id: "alarm-missing-data",
  group: "lies",
  severity: "error",
  statement: "Every metric alarm sets treat_missing_data to breaching, missing or notBreaching.",
  why: "Silence is what an outage looks like; the provider's default hides it, and ignore freezes the last state.",
  judge({ terraform }) {
    return ofType(terraform, "aws_cloudwatch_metric_alarm").map((alarm) => {
      if (unresolved(alarm, "treat_missing_data")) {
        return undecided(alarm, "treat_missing_data is known only after apply", AFTER_APPLY);
      }
      const treatment = text(alarm, "treat_missing_data");
      const written = alarm.stated?.has("treat_missing_data") ?? treatment !== "missing";
      if (treatment !== undefined && written && ALLOWED.includes(treatment)) return compliant(alarm);
      if (alarm.stated === undefined && treatment === "missing") {
        return undecided(
          alarm,
          "treat_missing_data is missing, and a state does not say whether anybody wrote it",
          "check the plan instead of the state",
        );
      }
      return violation(alarm, {
        found: `treat_missing_data of ${nameOf(alarm)} is ${written ? (treatment ?? "absent") : "absent"}`,
        expected: `one of ${ALLOWED.join(", ")}`,
        nextStep: ADVICE,
      });
    });
  },
};
