import { XRAY_WRITE_ACTIONS } from "../../contract/access";
import { DEPLOYMENT_TAG } from "../../contract/deployment";
import { functionName, SERVICE_KEYS, type ServiceKey } from "../../contract/services";
import type { AnswerPlan } from "../../lab/runtime/aws-gateway";

function serviceOf(arn: unknown): ServiceKey | undefined {
  return SERVICE_KEYS.find((service) => String(arn).endsWith(functionName("dev", service)));
}

/** Stands in for roles and functions: moto has no policy simulation, and no functions without code to run. */
export class Inspected {
  /** Actions a service's role lacks. */
  missing: Readonly<Partial<Record<ServiceKey, readonly string[]>>> = {};
  /** Version a function is tagged with, where it is not the one of the others; empty for no tag. */
  version: Readonly<Partial<Record<ServiceKey, string>>> = {};

  reset(): void {
    this.missing = {};
    this.version = {};
  }

  /** Answers policy simulations and questions for tags. */
  readonly answers: AnswerPlan = ({ operation, input }) => {
    if (operation === "SimulatePrincipalPolicy") return this.#simulated(serviceOf(input["PolicySourceArn"]));
    if (operation !== "ListTags") return undefined;
    const version = this.version[serviceOf(input["Resource"]) ?? "canary"] ?? "abc1234";
    return JSON.stringify({ Tags: version === "" ? {} : { [DEPLOYMENT_TAG]: version } });
  };

  #simulated(service: ServiceKey | undefined): string {
    const lacking = service === undefined ? XRAY_WRITE_ACTIONS : (this.missing[service] ?? []);
    const members = XRAY_WRITE_ACTIONS.map((action) => {
      const decision = lacking.some((one) => one === action) ? "implicitDeny" : "allowed";
      return `<member><EvalActionName>${action}</EvalActionName><EvalDecision>${decision}</EvalDecision></member>`;
    });
    const results = `<EvaluationResults>${members.join("")}</EvaluationResults>`;
    const name = "SimulatePrincipalPolicy";
    return `<${name}Response><${name}Result>${results}</${name}Result></${name}Response>`;
  }
}
