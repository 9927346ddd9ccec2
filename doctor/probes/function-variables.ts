import { FORBIDDEN_VARIABLES, MISLEADING_VALUES } from "../../contract/environment-variables";
import { type Finding, type Probe, undecidedBy } from "./probe";

function misleading(variables: Readonly<Record<string, string>>): readonly string[] {
  return MISLEADING_VALUES.flatMap(({ variable, misleads, reason }) => {
    const value = variables[variable];
    return value !== undefined && misleads(value) ? [`${variable} ${reason}`] : [];
  });
}

function forbidden(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(FORBIDDEN_VARIABLES).flatMap(([variable, reason]) =>
    variables[variable] === undefined ? [] : [`${variable} ${reason}`],
  );
}

/** DOC-3 tracing mode: no variable switches tracing off or breaks it. Values are never shown. */
export const functionVariables: Probe = {
  id: "function-variables",
  label: "Variables of the function",
  why: "One variable can switch tracing off, lose every export, or start a second tracing SDK.",
  weight: "required",
  missing: ({ functions }) => (functions.length === 0 ? "--function NAME" : undefined),
  look: async ({ settings, functionFacts }) =>
    Promise.all(
      settings.functions.map(async (about): Promise<Finding> => {
        const facts = await functionFacts(about);
        const evidence = "names and known values of the function's environment variables";
        if (facts.kind === "trouble") return undecidedBy(facts.trouble, evidence, about);
        const { variables } = facts.value;
        if (variables.kind === "trouble") return undecidedBy(variables.trouble, evidence, about);
        const wrong = misleading(variables.value);
        const found = [...wrong, ...forbidden(variables.value)];
        const seen = { about, evidence, wanted: "none that misleads tracing" };
        if (found.length === 0) return { ...seen, verdict: "pass", found: "none" };
        const fix =
          "remove them in Terraform; OTEL_SDK_DISABLED is the kill switch: tracewright kill-switch off";
        return { ...seen, verdict: wrong.length > 0 ? "fail" : "warn", found: found.join("; "), fix };
      }),
    ),
};
