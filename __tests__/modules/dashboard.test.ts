import { TIERS } from "../../contract/alarms/definition";
import { ENVIRONMENTS } from "../../contract/names";
import { functionName, SERVICE_KEYS } from "../../contract/services";
import { ofType, type TerraformModel } from "../../policies/terraform/model";
import { model } from "../support/synthesized";
import { every, named, only, ref } from "./parts";

interface Properties {
  readonly title: string;
  readonly alarms?: readonly string[];
  readonly region?: string;
  readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
}

interface FoundWidget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Properties;
}

function widgets(terraform: TerraformModel): readonly FoundWidget[] {
  const board = only(every(terraform, "aws_cloudwatch_dashboard"));
  return (JSON.parse(String(board.values["dashboard_body"])) as { widgets: FoundWidget[] }).widgets;
}

const BOARDS = ENVIRONMENTS.flatMap((environment) =>
  TIERS.map((tier) => [environment, tier, model(environment, tier)] as const),
);

describe.each(BOARDS)("the board of %s, %s", (environment, tier, terraform) => {
  const metricAlarms = every(terraform, "aws_cloudwatch_metric_alarm");
  const alarms = [...metricAlarms, ...ofType(terraform, "aws_cloudwatch_composite_alarm")];
  const lists = widgets(terraform).filter((widget) => widget.type === "alarm");
  const graphs = widgets(terraform).filter((widget) => widget.type === "metric");

  test("DSH-1 the alarms on it are exactly the alarms of the stack, each once", () => {
    const shown = lists.flatMap((widget) => widget.properties.alarms ?? []);
    expect([...shown].sort()).toEqual(alarms.map((alarm) => ref(alarm, "arn")).sort());
    for (const widget of lists) expect(widget.properties.alarms?.length).toBeLessThanOrEqual(100);
  });

  test("DSH-1 each list holds one severity, composites come first", () => {
    const titles = lists.map((widget) => widget.properties.title);
    const bySeverity = ["Critical alarms", "Warning alarms", "Info alarms"];
    expect(titles).toEqual(
      tier === "essential"
        ? bySeverity.filter((title) => titles.includes(title))
        : ["Composite alarms", ...bySeverity.filter((title) => tier === "full" || titles.includes(title))],
    );
    for (const { properties } of lists.filter((widget) => widget.properties.title !== "Composite alarms")) {
      for (const arn of properties.alarms ?? []) {
        const alarm = only(alarms.filter((one) => ref(one, "arn") === arn));
        const severity = properties.title.toLowerCase().replace(" alarms", "");
        expect(alarm.values["tags"]).toEqual({ Severity: severity });
      }
    }
  });

  test("DSH-1 every metric alarm has a graph with its threshold, in the region of the alarm", () => {
    expect(graphs).toHaveLength(metricAlarms.length);
    for (const { properties } of graphs) {
      const alarm = named(terraform, "aws_cloudwatch_metric_alarm", "alarm_name", properties.title);
      expect(properties.annotations?.horizontal).toMatchObject([{ value: alarm.values["threshold"] }]);
      expect(properties.region).toBe(alarm.region);
    }
  });

  test("DSH-1 it shows the canary, and in the full tier every function by name", () => {
    const drawn = JSON.stringify(graphs);
    expect(drawn).toContain('"CanaryHealth"');
    for (const service of tier === "full" ? SERVICE_KEYS : []) {
      expect(drawn).toContain(`"${functionName(environment, service)}"`);
    }
  });

  test("DSH-1 widgets do not overlap and stay on the grid", () => {
    const cells = widgets(terraform).flatMap((widget) =>
      Array.from({ length: widget.width * widget.height }, (_unused, index) => {
        const column = widget.x + (index % widget.width);
        expect(column).toBeLessThan(24);
        return `${column}/${widget.y + Math.floor(index / widget.width)}`;
      }),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
