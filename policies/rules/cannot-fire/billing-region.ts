import { awsNamespace } from "../../aws-metrics";
import { AFTER_APPLY, bad, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";
import { metricAlarms } from "../series";

/** Charges are published in one region only. */
export const billingRegion: Rule = {
  id: "billing-region",
  group: "cannot-fire",
  severity: "error",
  statement: "Every alarm on charges is made in us-east-1.",
  why: "AWS/Billing sends its metrics to us-east-1 only; an alarm elsewhere waits for ever.",
  judge({ terraform }) {
    return metricAlarms(terraform).flatMap((alarm) =>
      judged(
        alarm.resource,
        alarm.series.map((series) => {
          const only = awsNamespace(series.namespace)?.onlyRegion;
          if (only === undefined) return undefined;
          const { region } = alarm.resource;
          if (region === only) return GOOD;
          if (region === undefined)
            return unknown(
              `the region of its provider is not known, and ${series.namespace} needs ${only}`,
              AFTER_APPLY,
            );
          return bad(
            `it is made in ${region}, and ${series.namespace} exists in ${only} only`,
            `a provider with region = "${only}"`,
            `give the alarm provider = aws.ALIAS of a provider in ${only}, and a topic there`,
          );
        }),
      ),
    );
  },
};
