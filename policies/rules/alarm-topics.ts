import { list, type Resource, type TerraformModel } from "../terraform/model";
import { targetsOfValue } from "../terraform/targets";
import { alarmsIn } from "./alarms";

const TOPIC = ["aws_sns_topic"];

/** The topics of this file that alarms publish to when they fire, in file order. */
export function alarmTopics(terraform: TerraformModel): readonly Resource[] {
  const paged = new Map<string, Resource>();
  for (const alarm of alarmsIn(terraform)) {
    for (const action of list(alarm, "alarm_actions")) {
      for (const target of targetsOfValue(terraform, action, TOPIC))
        if (target.kind === "resource") paged.set(target.resource.address, target.resource);
    }
  }
  return terraform.resources.filter((one) => paged.has(one.address));
}
