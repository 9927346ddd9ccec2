/**
 * The answer of `iam:SimulatePrincipalPolicy`, which moto lacks.
 *
 * @param input the request's form
 * @param decisions of actions that are not allowed
 */
export function simulated(
  input: Readonly<Record<string, unknown>>,
  decisions: Readonly<Record<string, string>> = {},
): string {
  const actions = Object.entries(input).filter(([key]) => key.startsWith("ActionNames.member."));
  const members = actions.map(([, action]) => {
    const decision = decisions[String(action)] ?? "allowed";
    return `<member><EvalActionName>${action}</EvalActionName><EvalDecision>${decision}</EvalDecision></member>`;
  });
  const result = `<EvaluationResults>${members.join("")}</EvaluationResults><IsTruncated>false</IsTruncated>`;
  return `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult>${result}</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`;
}
