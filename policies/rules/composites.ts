import { isUnresolved, referencesIn } from "../terraform/expression";
import { ofType, type Resource, type TerraformModel, text } from "../terraform/model";
import { at } from "../terraform/targets";
import { alarmsIn } from "./alarms";

/** One alarm a composite's rule names. */
export interface Child {
  /** As the rule writes it: a name, or an address when it is written as a reference. */
  readonly name: string;
  /** The alarm, when this file manages it. */
  readonly alarm: Resource | undefined;
}

/** A composite alarm and the alarms its rule names. */
export interface Composite {
  readonly resource: Resource;
  readonly children: readonly Child[];
  /** True when the rule, or part of it, cannot be read before apply. */
  readonly hidden: boolean;
}

const STATE = /\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^)\s]+))\s*\)/g;
const ALARM_TYPE = /^aws_cloudwatch_(metric|composite)_alarm$/;

function nameIn(written: string): string {
  return /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/.exec(written)?.[1] ?? written;
}

function child(terraform: TerraformModel, written: string): Child {
  if (isUnresolved(written)) {
    const [alarm] = referencesIn(written).flatMap((one) => at(terraform, one) ?? []);
    return { name: alarm?.address ?? written, alarm };
  }
  const name = nameIn(written);
  return { name, alarm: alarmsIn(terraform).find((one) => text(one, "alarm_name") === name) };
}

function readOne(terraform: TerraformModel, resource: Resource): Composite {
  const rule = resource.values["alarm_rule"];
  const found = [...(typeof rule === "string" ? rule : "").matchAll(STATE)].map(
    ([, double, single, bare]) => (double ?? single ?? bare) as string,
  );
  if (found.length > 0) {
    const children = found.map((one) => child(terraform, one));
    return { resource, children, hidden: children.some((one) => isUnresolved(one.name)) };
  }
  const referenced = (resource.references["alarm_rule"] ?? [])
    .flatMap((address) => at(terraform, address) ?? [])
    .filter((one) => ALARM_TYPE.test(one.type));
  return {
    resource,
    children: referenced.map((alarm) => ({ name: text(alarm, "alarm_name") ?? alarm.address, alarm })),
    hidden: isUnresolved(rule) && referenced.length === 0,
  };
}

/** The composite alarms of a file, in file order. */
export function compositesIn(terraform: TerraformModel): readonly Composite[] {
  return ofType(terraform, "aws_cloudwatch_composite_alarm").map((one) => readOne(terraform, one));
}

/** Addresses on a way from a composite back to itself; empty when there is none. */
export function cycleOf(composites: readonly Composite[], start: Composite): readonly string[] {
  const byAddress = new Map(composites.map((one) => [one.resource.address, one]));
  const walk = (here: Composite, path: readonly string[]): readonly string[] => {
    for (const { alarm } of here.children) {
      if (alarm === undefined) continue;
      if (alarm.address === start.resource.address) return [...path, alarm.address];
      const next = byAddress.get(alarm.address);
      if (next === undefined || path.includes(alarm.address)) continue;
      const found = walk(next, [...path, alarm.address]);
      if (found.length > 0) return found;
    }
    return [];
  };
  return walk(start, [start.resource.address]);
}
