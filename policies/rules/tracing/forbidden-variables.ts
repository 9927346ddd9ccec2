import { FORBIDDEN_VARIABLES } from "../../../contract/environment-variables";
import { ofType } from "../../terraform/model";
import { variablesOf } from "../grants";
import { compliant, type Judgement, type Rule, undecided, violation } from "../rule";

/** Environment variables that break or double tracing are absent. */
export const forbiddenVariables: Rule = {
  id: "forbidden-variables",
  group: "tracing",
  severity: "error",
  statement: "No function sets a variable that breaks or misleads tracing.",
  why: "Tracing libraries read these variables silently; a wrong one costs all traces or records them twice.",
  judge({ terraform }) {
    return ofType(terraform, "aws_lambda_function").flatMap((fn): Judgement | readonly Judgement[] => {
      const variables = variablesOf(fn);
      if (variables === undefined) {
        return undecided(
          fn,
          "the names of its environment variables are known only after apply",
          "run check on the state after apply",
        );
      }
      const forbidden = Object.entries(FORBIDDEN_VARIABLES).filter(([name]) => name in variables);
      if (forbidden.length === 0) return compliant(fn);
      return forbidden.map(([name, reason]) =>
        violation(fn, {
          found: `environment variable ${name}, which ${reason}`,
          expected: "the variable to be absent",
          nextStep: "remove it",
        }),
      );
    });
  },
};
