import { FORBIDDEN_VARIABLES, MISLEADING_VALUES } from "../../../contract/environment-variables";
import { isUnresolved } from "../../terraform/expression";
import { type JsonObject, list, ofType, type Resource, text } from "../../terraform/model";
import { variablesOf } from "../grants";
import { compliant, type Judgement, type Rule, undecided, violation } from "../rule";

const PRELOADS = /(?:^|\s)(?:-r|--require|--import)(?:[\s=]|$)/;

/** Variables that are wrong in some surroundings only: true where this one does no harm. */
const HARMLESS: Readonly<Record<string, (fn: Resource, value: unknown) => boolean>> = {
  NODE_OPTIONS: (_fn, value) => typeof value === "string" && !PRELOADS.test(value),
  AWS_LAMBDA_EXEC_WRAPPER: (fn) =>
    list(fn, "layers").some((layer) => /aws-otel|opentelemetry|OTel/i.test(String(layer))),
  OTEL_PROPAGATORS: (fn) => !(text(fn, "runtime") ?? "nodejs").startsWith("nodejs"),
};

interface Wrong {
  readonly found: string;
  readonly expected: string;
}

function wrongVariables(fn: Resource, variables: JsonObject): readonly Wrong[] {
  const forbidden = Object.entries(FORBIDDEN_VARIABLES)
    .filter(([name]) => name in variables && HARMLESS[name]?.(fn, variables[name]) !== true)
    .map(([name, reason]) => ({
      found: `environment variable ${name}, which ${reason}`,
      expected: "the variable to be absent",
    }));
  const misleading = MISLEADING_VALUES.filter(({ variable, misleads }) => {
    const value = variables[variable];
    return value !== undefined && !isUnresolved(value) && misleads(String(value));
  }).map(({ variable, reason }) => ({
    found: `${variable} = ${JSON.stringify(variables[variable])}, which ${reason}`,
    expected: "another value, or the variable to be absent",
  }));
  return [...forbidden, ...misleading];
}

/** Environment variables that break, double or mislead tracing are absent. */
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
          "give --configuration, or run check on the state after apply",
        );
      }
      const wrong = wrongVariables(fn, variables);
      if (wrong.length === 0) return compliant(fn);
      return wrong.map((one) => violation(fn, { ...one, nextStep: "remove or correct it" }));
    });
  },
};
