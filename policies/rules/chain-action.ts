import { list, ofType, referencesIn } from "../terraform/model";
import { alarmsIn, nameOf } from "./alarms";
import type { Rule } from "./rule";

/** Last link: every alarm pages somebody who listens. */
export const chainAction: Rule = {
  id: "chain-action",
  statement: "Every alarm has an enabled action on a topic somebody subscribed to.",
  why: "An alarm without a listener costs the same as one that wakes somebody.",
  check({ terraform }) {
    const heard = new Set(
      ofType(terraform, "aws_sns_topic_subscription").flatMap((one) => referencesIn(one.values["topic_arn"])),
    );
    return alarmsIn(terraform).flatMap((alarm) => {
      const actions = list(alarm, "alarm_actions");
      const topics = actions.flatMap(referencesIn);
      const unheard = topics.filter((topic) => !heard.has(topic));
      const enabled = alarm.values["actions_enabled"] !== false;
      if (actions.length > 0 && enabled && unheard.length === 0) return [];
      const found =
        actions.length === 0
          ? `${nameOf(alarm)} has no alarm_actions`
          : enabled
            ? `${nameOf(alarm)} pages ${unheard.join(", ")}, to which nobody is subscribed`
            : `${nameOf(alarm)} has actions_enabled = false`;
      return [
        {
          path: alarm.path,
          found,
          expected: "alarm_actions on a topic of this configuration with a subscription",
          nextStep: "pass the operations topic as action and subscribe an address to it",
        },
      ];
    });
  },
};
