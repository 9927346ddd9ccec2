import { isUnresolved } from "../../terraform/expression";
import { block, ofType } from "../../terraform/model";
import { AFTER_APPLY } from "../finding";
import { compliant, type Rule, undecided, violation } from "../rule";

/** Active tracing on every function. */
export const functionTracing: Rule = {
  id: "function-tracing",
  group: "tracing",
  severity: "error",
  statement: "Every Lambda function has tracing_config.mode = Active.",
  why: "With PassThrough, Lambda records no segment unless a caller has already decided to sample.",
  judge({ terraform }) {
    return ofType(terraform, "aws_lambda_function").map((fn) => {
      const mode = block(fn, "tracing_config")?.["mode"];
      if (mode === "Active") return compliant(fn);
      if (isUnresolved(fn.values["tracing_config"]))
        return undecided(fn, "its tracing mode is known only after apply", AFTER_APPLY);
      return violation(fn, {
        found: `tracing mode is ${typeof mode === "string" ? mode : "absent"}`,
        expected: "Active",
        nextStep: 'set tracing_config { mode = "Active" }, or use TracedFunction',
      });
    });
  },
};
