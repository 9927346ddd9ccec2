import { type Finding, type Probe, undecidedBy } from "./probe";

/** DOC-3 tracing mode: every function is in Active mode. */
export const tracingMode: Probe = {
  id: "tracing-mode",
  label: "Tracing mode",
  why: "In PassThrough a function follows whoever calls it, and traces nothing that starts with itself.",
  weight: "required",
  missing: ({ functions }) => (functions.length === 0 ? "--function NAME" : undefined),
  look: async ({ settings, functionFacts }) =>
    Promise.all(
      settings.functions.map(async (name): Promise<Finding> => {
        const facts = await functionFacts(name);
        const evidence = "lambda:GetFunctionConfiguration, TracingConfig";
        if (facts.kind === "trouble") {
          const { kind, found, expected, nextStep } = facts.trouble;
          if (kind !== "not-found") return undecidedBy(facts.trouble, evidence, name);
          return { about: name, verdict: "fail", evidence, found, wanted: expected, fix: nextStep };
        }
        const { tracingMode: found } = facts.value;
        const seen = { about: name, evidence, found, wanted: "Active" };
        if (found === "Active") return { ...seen, verdict: "pass" };
        const fix = `set tracing_config { mode = "Active" } in Terraform; at once: aws lambda update-function-configuration --function-name ${name} --tracing-config Mode=Active`;
        return { ...seen, verdict: "fail", fix };
      }),
    ),
};
