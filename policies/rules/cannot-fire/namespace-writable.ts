import { isAwsNamespace } from "../../aws-metrics";
import { ofType, type TerraformModel } from "../../terraform/model";
import { emittersOf } from "../emitters";
import { bad, type Finding, GIVE_KNOWLEDGE, GOOD, judged, unknown } from "../finding";
import { roleOf, variablesOf } from "../grants";
import type { EmitterKnowledge } from "../knowledge";
import { filtersOf } from "../metric-filters";
import { namedNamespaces, permissionsOn, type RoleWithGrants, rolesWithGrants } from "../namespace-grants";
import type { Rule } from "../rule";
import { metricAlarms, type Series } from "../series";

/** Agents of AWS write these through logs, without a grant on the metric. */
const AGENTS =
  /^(LambdaInsights|CWAgent|ContainerInsights|ECS\/ContainerInsights|ApplicationSignals|SSM Run Command)$/;

const EMBEDDED = "only the embedded metric format could write it, which needs no grant";

/** True when a function is set up to write the namespace in the embedded metric format. */
function embedded(terraform: TerraformModel, namespace: string): boolean {
  return ofType(terraform, "aws_lambda_function").some(
    (fn) => variablesOf(fn)?.["POWERTOOLS_METRICS_NAMESPACE"] === namespace,
  );
}

/** The roles whose grants decide: those of the known emitters, else all. */
function deciding(
  terraform: TerraformModel,
  series: Series,
  knowledge: EmitterKnowledge | undefined,
): { readonly roles: readonly RoleWithGrants[]; readonly outside: boolean } {
  const all = rolesWithGrants(terraform);
  const emitters = knowledge === undefined ? [] : emittersOf(terraform, knowledge, series);
  const functions =
    emitters.length === 0
      ? ofType(terraform, "aws_lambda_function")
      : emitters.flatMap((one) => one.resource ?? []);
  const held = functions.map((fn) => roleOf(terraform, fn)?.address);
  const roles = emitters.length === 0 ? all : all.filter(({ role }) => held.includes(role.address));
  return { roles, outside: held.includes(undefined) || (emitters.length > 0 && functions.length === 0) };
}

/** What would tell whether a namespace nobody is granted is written after all. */
function nextStep(
  terraform: TerraformModel,
  series: Series,
  knowledge: EmitterKnowledge | undefined,
): string {
  if (knowledge === undefined) return GIVE_KNOWLEDGE;
  const [emitter] = emittersOf(terraform, knowledge, series);
  return emitter === undefined
    ? `the knowledge file names nothing that emits ${series.name}: remove the alarm, or emit it and add it there`
    : `grant cloudwatch:PutMetricData to the role of ${emitter.name}, or acknowledge this if it writes the embedded metric format`;
}

function look(terraform: TerraformModel, series: Series, knowledge: EmitterKnowledge | undefined): Finding {
  const { namespace } = series;
  if (isAwsNamespace(namespace)) return undefined;
  if (filtersOf(terraform, series).length > 0 || embedded(terraform, namespace)) return GOOD;
  if (AGENTS.test(namespace))
    return unknown(`an agent writes ${namespace}, not a role of this file`, GIVE_KNOWLEDGE);
  const { roles, outside } = deciding(terraform, series, knowledge);
  const permitted = permissionsOn(terraform, namespace);
  const answers = roles.map(({ role }) => permitted.get(role.address));
  if (answers.includes("yes")) return GOOD;
  if (answers.includes("unknown") || outside || roles.length === 0) {
    const open = roles.filter((_, i) => answers[i] === "unknown").map(({ role }) => role.address);
    return unknown(
      `whether anything may write to ${namespace} is not in this file${open.length > 0 ? ` (policies of ${open.join(", ")})` : ""}`,
      "write the policies with aws_iam_policy_document, or check the state after apply",
    );
  }
  const granted = [...new Set(roles.flatMap(({ grants }) => namedNamespaces(grants)))];
  if (granted.length === 0) {
    return unknown(
      `no role may write to ${namespace} with PutMetricData; ${EMBEDDED}`,
      nextStep(terraform, series, knowledge),
    );
  }
  return bad(
    `no role may write to ${namespace}; their grants name ${granted.join(", ")}, and IAM compares exactly`,
    `cloudwatch:PutMetricData with cloudwatch:namespace = "${namespace}" for the role that emits ${series.name}`,
    "name the namespace in the condition, in the emitter's spelling; a parent namespace does not cover it (D4)",
  );
}

/** Custom metrics have a writer that IAM lets write (D4). */
export const namespaceWritable: Rule = {
  id: "namespace-writable",
  group: "cannot-fire",
  severity: "error",
  statement: "Every custom namespace an alarm watches may be written by a role, or is fed by a log filter.",
  why: "CloudWatch refuses the metric, most code swallows the refusal, and the alarm is blind (D4).",
  judge({ terraform, knowledge }) {
    return metricAlarms(terraform).flatMap((alarm) =>
      judged(
        alarm.resource,
        alarm.series.map((series) => look(terraform, series, knowledge)),
      ),
    );
  },
};

/** True when no role may write the series, so that asking who emits it is idle. */
export function isRefused(
  terraform: TerraformModel,
  series: Series,
  knowledge: EmitterKnowledge | undefined,
): boolean {
  return look(terraform, series, knowledge)?.kind === "bad";
}
