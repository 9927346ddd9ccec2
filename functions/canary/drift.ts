import { type IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { XRAY_WRITE_ACTIONS } from "../../contract/access";
import { roleArn } from "../../contract/canary";
import type { Environment, Owner } from "../../contract/names";
import { SERVICE_KEYS, type ServiceKey } from "../../contract/services";

/** The actions a function's role lacks, or why that could not be told. */
export type RoleFinding =
  | { readonly service: ServiceKey; readonly missing: readonly string[] }
  | { readonly service: ServiceKey; readonly error: unknown };

async function missingActions(iam: IAMClient, role: string): Promise<readonly string[]> {
  const { EvaluationResults = [] } = await iam.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames: [...XRAY_WRITE_ACTIONS] }),
  );
  return XRAY_WRITE_ACTIONS.filter((action) => {
    const result = EvaluationResults.find(({ EvalActionName }) => EvalActionName === action);
    if (result === undefined) throw new Error(`IAM said nothing about ${action}`);
    return result.EvalDecision !== "allowed";
  });
}

/** Asks IAM which of the five X-Ray actions each function may still use (IAM-4). Never throws. */
export async function checkPermissions(
  iam: IAMClient,
  owner: Owner,
  environment: Environment,
): Promise<readonly RoleFinding[]> {
  return Promise.all(
    SERVICE_KEYS.map(async (service): Promise<RoleFinding> => {
      try {
        return { service, missing: await missingActions(iam, roleArn(owner, environment, service)) };
      } catch (error) {
        return { service, error };
      }
    }),
  );
}
