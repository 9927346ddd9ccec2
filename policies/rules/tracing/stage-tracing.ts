import { ofType, unresolved } from "../../terraform/model";
import { AFTER_APPLY } from "../finding";
import { compliant, type Judgement, type Rule, undecided, violation } from "../rule";

/** Stages of REST APIs start the trace (DOC-2). HTTP and WebSocket APIs have no such setting. */
export const stageTracing: Rule = {
  id: "stage-tracing",
  group: "tracing",
  severity: "warning",
  statement: "Every stage of a REST API has xray_tracing_enabled = true.",
  why: "Otherwise the trace begins in the function, and time spent in the gateway is nobody's.",
  judge({ terraform }) {
    return ofType(terraform, "aws_api_gateway_stage").map((stage): Judgement => {
      const traced = stage.values["xray_tracing_enabled"];
      if (traced === true || traced === "true") return compliant(stage);
      if (unresolved(stage, "xray_tracing_enabled"))
        return undecided(stage, "xray_tracing_enabled is known only after apply", AFTER_APPLY);
      return violation(stage, {
        found: `xray_tracing_enabled is ${traced === undefined ? "absent" : String(traced)}`,
        expected: "true",
        nextStep: "set xray_tracing_enabled = true",
      });
    });
  },
};
