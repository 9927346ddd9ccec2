import { Construct } from "constructs";
import { alarmsOfTier } from "../contract/alarms/catalogue";
import type { Tier } from "../contract/alarms/definition";
import type { Environment } from "../contract/names";
import { Alarm } from "./alarm";

/** Props of {@link AlarmCatalogue}. */
export interface AlarmCatalogueProps {
  /** Environment whose alarms are made. @default none */
  readonly environment: Environment;
  /** How many alarms to pay for. @default none */
  readonly tier: Tier;
  /** Topics paged on ALARM and on OK. @default none */
  readonly topicArns: readonly string[];
}

/** Every alarm of the contract that belongs to a tier. */
export class AlarmCatalogue extends Construct {
  /** The alarms, in the order of the contract. */
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmCatalogueProps) {
    super(scope, id);
    const { environment, topicArns } = props;
    this.alarms = alarmsOfTier(environment, props.tier).map(
      (definition) => new Alarm(this, definition.id, { environment, definition, topicArns }),
    );
  }
}
