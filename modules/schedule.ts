import type { Construct } from "constructs";
import { requireInteger } from "./construct-error";
import { EventRule, type EventRuleProps } from "./event-rule";

/** Props of {@link Schedule}. */
export interface ScheduleProps extends Pick<EventRuleProps, "account" | "target" | "deadLetterQueue"> {
  /** Seconds between two starts, a multiple of 60. @default none: alarms' periods follow it */
  readonly everySeconds: number;
}

/** Starts a function at a fixed rate; the rule has the function's name. */
export class Schedule extends EventRule {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    const { everySeconds, ...rest } = props;
    const minutes = everySeconds / 60;
    super(scope, id, {
      ...rest,
      ruleName: props.target.functionName,
      statementId: "AllowSchedule",
      when: { scheduleExpression: `rate(${minutes} minute${minutes === 1 ? "" : "s"})` },
    });
    requireInteger(this, "everySeconds / 60", minutes, 1, 60 * 24);
  }
}
