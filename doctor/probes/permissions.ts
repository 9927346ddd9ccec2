import { IAMClient, paginateSimulatePrincipalPolicy } from "@aws-sdk/client-iam";
import { XRAY_WRITE_ACTIONS } from "../../policies/iam/xray";
import { ask } from "../aws/answer";
import { clientOptions } from "../aws/client-options";
import { type Finding, type Probe, undecidedBy } from "./probe";
import type { Surroundings } from "./surroundings";

const WANTED = "all five actions of X-Ray's daemons and SDKs";

/** What a role may not do, each with IAM's reason. */
async function refused(client: IAMClient, roleArn: string): Promise<readonly string[]> {
  const missing = new Map<string, string>(XRAY_WRITE_ACTIONS.map((action) => [action, "not evaluated"]));
  const pages = paginateSimulatePrincipalPolicy(
    { client },
    { PolicySourceArn: roleArn, ActionNames: [...XRAY_WRITE_ACTIONS] },
  );
  for await (const { EvaluationResults = [] } of pages)
    for (const { EvalActionName = "", EvalDecision } of EvaluationResults) {
      if (EvalDecision === "allowed") missing.delete(EvalActionName);
      else if (missing.has(EvalActionName)) missing.set(EvalActionName, EvalDecision ?? "not evaluated");
    }
  return [...missing].map(([action, decision]) => `${action} (${decision})`);
}

async function judge(client: IAMClient, roleArn: string, region: string | undefined): Promise<Finding> {
  const evidence = "iam:SimulatePrincipalPolicy of the five actions";
  const asked = { action: "iam:SimulatePrincipalPolicy", subject: `role ${roleArn}`, region };
  const answer = await ask(asked, () => refused(client, roleArn));
  const seen = { about: roleArn, evidence, wanted: WANTED };
  if (answer.kind === "trouble") {
    if (answer.trouble.kind !== "denied") return undecidedBy(answer.trouble, evidence, roleArn);
    const fix = "allow iam:SimulatePrincipalPolicy to yourself, or read the role's policies in the console";
    return { ...seen, verdict: "undecided", found: `may not simulate: ${answer.trouble.found}`, fix };
  }
  const missing = answer.value;
  if (missing.length === 0) return { ...seen, verdict: "pass", found: "all five are allowed" };
  const explicit = missing.some((one) => one.includes("explicitDeny"));
  const fix = explicit
    ? "find the Deny in the role's policies, its boundary or the organization's policies; no Allow outweighs it"
    : "attach a managed policy with exactly these five actions (modules/xray-access.ts), or AWSXRayDaemonWriteAccess";
  return { ...seen, verdict: "fail", found: `refused: ${missing.join(", ")}`, fix };
}

async function rolesOf({ settings, functionFacts }: Surroundings): Promise<readonly string[]> {
  const facts = await Promise.all(settings.functions.map(functionFacts));
  const own = facts.flatMap((one) => (one.kind === "answer" ? [one.value.roleArn] : []));
  return [...new Set([...settings.roles, ...own])].filter((arn) => arn !== "");
}

/** DOC-3 permissions: every role may write traces and read sampling decisions (IAM-1). */
export const permissions: Probe = {
  id: "permissions",
  label: "Permissions of the role",
  why: "Lambda, daemons and collectors drop segments in silence when their role may not send them.",
  weight: "required",
  missing: ({ roles, functions }) =>
    roles.length + functions.length === 0 ? "--role ARN or --function NAME" : undefined,
  look: async (surroundings) => {
    const roles = await rolesOf(surroundings);
    if (roles.length === 0) {
      const found = "no function whose role could be read";
      const fix = "mend what Tracing mode says, or give --role ARN";
      return [
        { verdict: "undecided", evidence: "lambda:GetFunctionConfiguration", found, wanted: WANTED, fix },
      ];
    }
    const { region } = surroundings.settings;
    const client = new IAMClient(clientOptions(region));
    try {
      return await Promise.all(roles.map((role) => judge(client, role, region)));
    } finally {
      client.destroy();
    }
  },
};
