import { DEPLOYMENT_ORDER, DEPLOYMENT_STEPS, type DeploymentStep } from "../../contract/deployment-order";

/** A step that must not go live where it stands. */
export interface OrderFault {
  readonly step: string;
  /** What is wrong, with the steps that must come first. */
  readonly why: string;
}

function stepOf(name: string): DeploymentStep | undefined {
  const key = DEPLOYMENT_ORDER.find((one) => one === name);
  return key === undefined ? undefined : DEPLOYMENT_STEPS[key];
}

/**
 * Holds steps against the order of deployment (DEP-1).
 *
 * @param steps names in the order they go live, what is live already first
 * @returns a fault for each step that is unknown, comes twice, or comes before one it needs; none when the order holds
 */
export function orderFaults(steps: readonly string[]): readonly OrderFault[] {
  return steps.flatMap((name, index) => {
    const before = new Set(steps.slice(0, index));
    const step = stepOf(name);
    if (step === undefined)
      return [{ step: name, why: `is no step; expected one of ${DEPLOYMENT_ORDER.join(", ")}` }];
    if (before.has(name)) return [{ step: name, why: "comes a second time" }];
    const missing = step.after.filter((one) => !before.has(one));
    return missing.length === 0 ? [] : [{ step: name, why: `needs ${missing.join(", ")} first` }];
  });
}
