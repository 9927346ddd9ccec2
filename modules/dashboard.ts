import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Lazy, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "./alarm";
import { alarmWidgets, below, graphWidgets } from "./dashboard-widgets";

/** Props of {@link Dashboard}. */
export interface DashboardProps {
  /** Name of the dashboard. @default none */
  readonly dashboardName: string;
}

/**
 * One board with every alarm of the stack, by severity, and a graph with threshold for each. It reads the finished
 * construct tree, so an alarm added anywhere is on it (DSH-1).
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: props.dashboardName,
      dashboardBody: Lazy.stringValue({ produce: () => this.body() }),
    });
  }

  private body(): string {
    const alarms = TerraformStack.of(this).node.findAll().filter(Alarm.isAlarm);
    const lists = alarmWidgets(alarms);
    return JSON.stringify({ widgets: [...lists, ...graphWidgets(alarms, below(lists))] });
  }
}
