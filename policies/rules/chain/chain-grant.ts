import { ofType, text } from "../../terraform/model";
import { grantedNamespaces, grantsOf } from "../grants";
import { compliant, type Rule, violation } from "../rule";

/** Second link: each role may write exactly the namespaces its function emits to. */
export const chainGrant: Rule = {
  id: "chain-grant",
  group: "chain",
  severity: "error",
  statement: "The role of every emitter may write exactly the namespaces it emits to.",
  why: "CloudWatch refuses the metric otherwise, and the alarm on it is blind (D4).",
  judge({ terraform, promises }) {
    if (promises === undefined) return [];
    return ofType(terraform, "aws_lambda_function").map((fn) => {
      const name = text(fn, "function_name") ?? fn.path;
      const wanted = [
        ...new Set(
          promises.metrics
            .filter((metric) => metric.emitters.includes(name))
            .map((metric) => metric.namespace),
        ),
      ].sort();
      const granted = grantedNamespaces(grantsOf(terraform, fn));
      if (wanted.join() === granted.join()) return compliant(fn);
      const emitted = promises.metrics.filter((metric) => metric.emitters.includes(name)).map((m) => m.name);
      return violation(fn, {
        found: `its role may write ${granted.length > 0 ? granted.join(", ") : "no namespace"}`,
        expected: `cloudwatch:PutMetricData on exactly ${wanted.join(", ") || "no namespace"} for ${emitted.join(", ")}`,
        nextStep: "build the role's document with policies/iam/function-access.ts from namespacesOf(service)",
      });
    });
  },
};
