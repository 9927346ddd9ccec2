import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { alarmsOfTier } from "../contract/alarms/catalogue";
import type { AlarmDefinition, AlarmPlace, Tier } from "../contract/alarms/definition";
import { type ThresholdOverrides, withThresholds } from "../contract/alarms/overrides";
import type { Environment } from "../contract/names";
import { globalRegionOf, partitionOf } from "./account";
import { Alarm } from "./alarm";
import { ConstructError } from "./construct-error";

/** Props of {@link AlarmCatalogue}. */
export interface AlarmCatalogueProps {
  /** Environment whose alarms are made. @default none */
  readonly environment: Environment;
  /** Region of the stack. @default none */
  readonly region: string;
  /** How many alarms to pay for. @default none */
  readonly tier: Tier;
  /** Reviewed thresholds by alarm id. @default none: the thresholds of the contract */
  readonly thresholds?: ThresholdOverrides | undefined;
  /** Topics paged on ALARM and on OK. @default none */
  readonly topicArns: readonly string[];
  /** Where alarms of other regions live and whom they page. @default none: such alarms are then refused */
  readonly elsewhere?: Readonly<Partial<Record<AlarmPlace, AlarmRegion>>>;
}

/** Another region, its provider and topics; an alarm can only page a topic of its own region. */
export interface AlarmRegion {
  readonly region: string;
  readonly provider: TerraformProvider;
  readonly topicArns: readonly string[];
}

/** Every alarm of the contract that belongs to a tier. */
export class AlarmCatalogue extends Construct {
  /** The alarms, in the order of the contract. */
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmCatalogueProps) {
    super(scope, id);
    const { environment } = props;
    const definitions = withThresholds(alarmsOfTier(environment, props.tier), props.thresholds ?? {});
    this.alarms = definitions.map(
      (definition) =>
        new Alarm(this, definition.id, { environment, definition, ...this.placeOf(props, definition) }),
    );
  }

  /** A stack in the region where charges are told has its billing alarms at home. */
  private placeOf(
    props: AlarmCatalogueProps,
    { id, place }: AlarmDefinition,
  ): Omit<AlarmRegion, "provider"> & Partial<AlarmRegion> {
    const home = { region: props.region, topicArns: props.topicArns };
    if (place === undefined) return home;
    const other = props.elsewhere?.[place];
    if (other !== undefined) return other;
    if (place === "billing" && globalRegionOf(partitionOf(props.region)) === props.region) return home;
    throw new ConstructError(this, {
      found: `the alarm "${id}", whose metric is not in ${props.region}`,
      expected: `elsewhere.${place} to name region, provider and topics`,
      nextStep: "pass it, as modules/sentiment-stack.ts does with OtherRegions",
    });
  }
}
