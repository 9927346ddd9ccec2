import { XrayGroup } from "@cdktf/provider-aws/lib/xray-group";
import { Construct } from "constructs";
import { type TraceGroup, XRAY_NAME_LENGTH } from "../contract/sampling";
import { requireText } from "./construct-error";

/** Props of {@link TraceGroups}. */
export interface TraceGroupsProps {
  /** Prefix of group names, for example `dev-sentiment`. @default none */
  readonly prefix: string;
  /** The groups; nouns must differ. @default none */
  readonly groups: readonly TraceGroup[];
}

/** X-Ray groups with Insights and its notifications on (SMP-2, R-13). */
export class TraceGroups extends Construct {
  constructor(scope: Construct, id: string, props: TraceGroupsProps) {
    super(scope, id);
    for (const group of props.groups) {
      const groupName = `${props.prefix}-${group.noun}`;
      requireText(
        this,
        "group name",
        groupName,
        new RegExp(`^.{1,${XRAY_NAME_LENGTH}}$`),
        "at most 32 characters",
      );
      new XrayGroup(this, group.noun, {
        groupName,
        filterExpression: group.filter,
        insightsConfiguration: { insightsEnabled: true, notificationsEnabled: true },
      });
    }
  }
}
