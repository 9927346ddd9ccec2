import { FIXED_VARIABLES, STREAM_FIXED_VARIABLES } from "../../../contract/environment-variables";
import { ofType, type Resource, text } from "../../terraform/model";
import { variablesOf } from "../grants";
import { compliant, type Judgement, type Rule, violation } from "../rule";

/** A zip is traced by the X-Ray daemon, an image by OpenTelemetry and the collector inside it. */
function fixedVariables(fn: Resource): Readonly<Record<string, string>> {
  return text(fn, "package_type") === "Image" ? STREAM_FIXED_VARIABLES : FIXED_VARIABLES;
}

/** The variables our tracing relies on have their one right value. */
export const functionVariables: Rule = {
  id: "function-variables",
  group: "house",
  severity: "error",
  statement: "Every function sets the variables our tracing relies on.",
  why: "Tracing libraries read these variables silently; a wrong one costs all traces or records responses.",
  judge({ terraform }) {
    return ofType(terraform, "aws_lambda_function").flatMap((fn): Judgement | readonly Judgement[] => {
      const variables = variablesOf(fn) ?? {};
      const wrong = Object.entries(fixedVariables(fn)).filter(([name, value]) => variables[name] !== value);
      if (wrong.length === 0) return compliant(fn);
      return wrong.map(([name, value]) =>
        violation(fn, {
          found: `${name} is ${JSON.stringify(variables[name]) ?? "absent"}`,
          expected: `${name} = "${value}"`,
          nextStep: "use TracedFunction or StreamingFunction, which set it",
        }),
      );
    });
  },
};
