import { PublishCommand } from "@aws-sdk/client-sns";
import { SPANS } from "../../contract/spans";
import type { CanaryParts } from "./parts";
import { TROUBLES, type Trouble } from "./troubles";

/** What to tell, and what it is about. */
export interface Alert {
  readonly runId: string;
  readonly troubles: readonly Trouble[];
  /** Traces to look at, the worst first. */
  readonly traceIds: readonly string[];
}

/** SNS refuses longer subjects, and any that are not ASCII. */
const SUBJECT_LENGTH = 100;
/** Traces named at most. */
const TRACES_TOLD = 10;

function text({ config, region, clock }: CanaryParts, { runId, troubles, traceIds }: Alert) {
  const { environment } = config;
  const [first] = troubles;
  const headline = first === undefined ? "" : TROUBLES[first.kind];
  const more = troubles.length > 1 ? ` (and ${troubles.length - 1} more)` : "";
  const lines = [
    `The canary of ${environment} in ${region} reports:`,
    ...troubles.map(({ kind, detail }) => `- ${TROUBLES[kind]}: ${detail} (${kind})`),
    "",
    `When: ${new Date(clock.now()).toISOString()}`,
    `Run: ${runId}`,
    `Traces: ${traceIds.slice(0, TRACES_TOLD).join(", ") || "none"}`,
    "What to do: docs/runbooks/canary.md",
    "This came straight from the canary and through no alarm: alarms may be blind to it.",
  ];
  const Subject = `[${environment}] Canary: ${headline}${more}`.slice(0, SUBJECT_LENGTH);
  return { Subject, Message: lines.join("\n") };
}

/**
 * Publishes an alert to the topic of the backup region, by itself and through no CloudWatch alarm (CAN-7). Never
 * throws: that nobody could be told is logged, and the heartbeat's alarm there does not depend on it.
 *
 * @returns whether SNS took it; false when there is nothing to tell
 */
export async function tell(parts: CanaryParts, alert: Alert): Promise<boolean> {
  const { clients, config, logger, tracer } = parts;
  if (alert.troubles.length === 0) return false;
  const troubles = alert.troubles.map(({ kind, detail }) => `${kind}: ${detail}`);
  const TopicArn = config.variables.ALERT_TOPIC_ARN;
  try {
    await tracer.traced(SPANS.publishAlert, () =>
      clients.backupTopics.send(new PublishCommand({ TopicArn, ...text(parts, alert) })),
    );
    logger.warn("alert published", { troubles });
    return true;
  } catch (error) {
    logger.error("alert not published", { canary_alert_failed: true, troubles }, error);
    return false;
  }
}
