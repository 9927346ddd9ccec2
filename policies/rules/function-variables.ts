import { FIXED_VARIABLES, FORBIDDEN_VARIABLES } from "../../contract/environment-variables";
import { ofType } from "../terraform/model";
import { variablesOf } from "./grants";
import type { Rule } from "./rule";

/** Environment variables that break or double tracing are absent; those tracing needs have their one right value. */
export const functionVariables: Rule = {
  id: "function-variables",
  statement: "No function sets a variable that breaks tracing, and each sets those tracing relies on.",
  why: "Tracing libraries read these variables silently; a wrong one costs all traces or records them twice.",
  check({ terraform }) {
    return ofType(terraform, "aws_lambda_function").flatMap((fn) => {
      const variables = variablesOf(fn);
      const forbidden = Object.entries(FORBIDDEN_VARIABLES)
        .filter(([name]) => name in variables)
        .map(([name, reason]) => ({
          path: fn.path,
          found: `environment variable ${name}, which ${reason}`,
          expected: "the variable to be absent",
          nextStep: "remove it",
        }));
      const wrong = Object.entries(FIXED_VARIABLES)
        .filter(([name, value]) => variables[name] !== value)
        .map(([name, value]) => ({
          path: fn.path,
          found: `${name} is ${JSON.stringify(variables[name]) ?? "absent"}`,
          expected: `${name} = "${value}"`,
          nextStep: "use TracedFunction, which sets it",
        }));
      return [...forbidden, ...wrong];
    });
  },
};
