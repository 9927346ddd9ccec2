import { ofType, type Resource, type TerraformModel, unresolved } from "../../terraform/model";
import { resourcesAt, targetsOfValue } from "../../terraform/targets";
import { alarmsWhenHigh } from "../comparison";
import { AFTER_APPLY, bad, type Finding, GIVE_KNOWLEDGE, GOOD, judged, unknown } from "../finding";
import type { EmitterKnowledge } from "../knowledge";
import type { Rule } from "../rule";
import { metricAlarms, type Series } from "../series";
import { functionNameOf } from "../watched-function";

const QUEUE = ["aws_sqs_queue"];

function pointsAt(terraform: TerraformModel, one: Resource, attribute: string, queue: Resource): boolean {
  return resourcesAt(terraform, one, attribute, QUEUE).some((found) => found.address === queue.address);
}

/** Functions whose failed asynchronous events go to a queue. */
function feeders(terraform: TerraformModel, queue: Resource): readonly Resource[] {
  return ofType(terraform, "aws_lambda_function").filter((fn) => {
    const config = fn.values["dead_letter_config"];
    const arn = queue.values["arn"];
    return (
      pointsAt(terraform, fn, "dead_letter_config", queue) ||
      (typeof arn === "string" && JSON.stringify(config ?? "").includes(JSON.stringify(arn)))
    );
  });
}

/** True for a dead-letter queue nobody can name yet, as in a dynamic block. */
function leadsNowhere(fn: Resource): boolean {
  return unresolved(fn, "dead_letter_config") && fn.references["dead_letter_config"] === undefined;
}

/** Queues and subscriptions put messages there whatever a handler does with its errors. */
function fedOtherwise(terraform: TerraformModel, queue: Resource): boolean {
  return ["aws_sqs_queue", "aws_sqs_queue_redrive_policy", "aws_sns_topic_subscription"]
    .flatMap((type) => ofType(terraform, type))
    .some((one) => one.address !== queue.address && pointsAt(terraform, one, "redrive_policy", queue));
}

function look(terraform: TerraformModel, series: Series, knowledge: EmitterKnowledge | undefined): Finding {
  if (series.namespace !== "AWS/SQS" || !/Visible|OldestMessage|MessagesSent/.test(series.name))
    return undefined;
  const [target] = targetsOfValue(terraform, series.dimensions["QueueName"], QUEUE);
  if (target?.kind !== "resource" || fedOtherwise(terraform, target.resource)) return undefined;
  const names = feeders(terraform, target.resource).map(functionNameOf);
  if (names.length === 0) {
    const hidden = ofType(terraform, "aws_lambda_function").filter(leadsNowhere).map(functionNameOf);
    if (hidden.length === 0) return undefined;
    return unknown(
      `the dead-letter queue of ${hidden.join(", ")} is known only after apply; it may be this one`,
      AFTER_APPLY,
    );
  }
  const known = names.map((name) => knowledge?.functions[name]);
  if (known.some((one) => one?.handlerErrors === "raised" && one.invoked === "yes")) return GOOD;
  if (known.includes(undefined)) {
    return unknown(
      `whether failures of ${names.join(", ")} reach the queue depends on their handlers, which are not in a Terraform file`,
      GIVE_KNOWLEDGE,
    );
  }
  return bad(
    `the handlers that feed the queue catch everything or never run (${names.join(", ")}): only crashes and timeouts put messages there`,
    "a handler that throws, so that Lambda gives the event up to the queue",
    "rethrow in the handlers (D6)",
  );
}

/** A dead-letter queue only fills when handlers fail (D6). */
export const deadLettersArrive: Rule = {
  id: "dead-letters-arrive",
  group: "cannot-fire",
  severity: "warning",
  statement:
    "Every alarm on a dead-letter queue of functions has a feeder whose handler lets errors through.",
  why: "Lambda gives up on an event only when the function fails; a caught error is a success (D6).",
  judge({ terraform, promises, knowledge }) {
    if (promises !== undefined && knowledge === undefined) return [];
    return metricAlarms(terraform)
      .filter(alarmsWhenHigh)
      .flatMap((alarm) =>
        judged(
          alarm.resource,
          alarm.series.map((series) => look(terraform, series, knowledge)),
        ),
      );
  },
};
