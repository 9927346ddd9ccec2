import { XraySamplingRule } from "@cdktf/provider-aws/lib/xray-sampling-rule";
import { TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { type SamplingRule, XRAY_NAME_LENGTH } from "../contract/sampling";
import { requireInteger, requireText } from "./construct-error";

/** Props of {@link Sampling}. */
export interface SamplingProps {
  /** Prefix of rule names, for example `dev-sentiment`. @default none */
  readonly prefix: string;
  /** The rules; priorities must differ. @default none */
  readonly rules: readonly SamplingRule[];
}

/**
 * X-Ray sampling rules with every field explicit (SMP-1). Rates are Terraform variables at stack level, and drift
 * on them is ignored, so that an operator can change one in the console during an incident.
 */
export class Sampling extends Construct {
  constructor(scope: Construct, id: string, props: SamplingProps) {
    super(scope, id);
    for (const rule of props.rules) {
      const ruleName = `${props.prefix}-${rule.noun}`;
      requireText(
        this,
        "rule name",
        ruleName,
        new RegExp(`^.{1,${XRAY_NAME_LENGTH}}$`),
        "at most 32 characters",
      );
      requireInteger(this, `${ruleName}.priority`, rule.priority, 1, 9999);
      requireInteger(this, `${ruleName}.reservoir`, rule.reservoir, 0, 2_147_483_647);
      new XraySamplingRule(this, rule.noun, {
        ruleName,
        priority: rule.priority,
        reservoirSize: rule.reservoir,
        fixedRate: this.rateVariable(rule).numberValue,
        serviceName: rule.serviceName,
        serviceType: "*",
        host: "*",
        httpMethod: "*",
        urlPath: "*",
        resourceArn: "*",
        version: 1,
        lifecycle: { ignoreChanges: ["fixed_rate"] },
      });
    }
  }

  private rateVariable(rule: SamplingRule): TerraformVariable {
    const name = `sampling_rate_${rule.noun}`;
    const variable = new TerraformVariable(this, `${rule.noun}-rate`, {
      type: "number",
      default: rule.rate,
      description: `Share of requests sampled by the rule "${rule.noun}" beyond its reservoir, 0 to 1`,
      validation: [
        {
          condition: `\${var.${name} >= 0 && var.${name} <= 1}`,
          errorMessage: `The variable ${name} must be between 0 and 1.`,
        },
      ],
    });
    variable.overrideLogicalId(name);
    return variable;
  }
}
