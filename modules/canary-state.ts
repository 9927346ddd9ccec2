import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Construct } from "constructs";

/** Props of {@link CanaryState}. */
export interface CanaryStateProps {
  /** Name of the parameter, a path. @default none */
  readonly parameterName: string;
}

/** Where the canary keeps what its next run has to know. It starts empty; what the canary writes is no drift. */
export class CanaryState extends Construct {
  /**
   * Reference to the name. Whoever writes the parameter reads its name from here: a canary that outlived it would make it
   * again, and the next apply would find it in its way.
   */
  readonly parameterName: string;

  constructor(scope: Construct, id: string, props: CanaryStateProps) {
    super(scope, id);
    const parameter = new SsmParameter(this, "parameter", {
      name: props.parameterName,
      description: "What the canary has to know of its earlier runs",
      type: "String",
      tier: "Standard",
      value: "{}",
      lifecycle: { ignoreChanges: ["value"] },
    });
    this.parameterName = parameter.name;
  }
}
