import { isUnresolved } from "../../terraform/expression";
import { block, ofType, type Resource, type TerraformModel, text, unresolved } from "../../terraform/model";
import { targetsOf } from "../../terraform/targets";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";

function look(terraform: TerraformModel, url: Resource): Finding {
  const [target] = targetsOf(terraform, url, "function_name", ["aws_lambda_function"]);
  if (target?.kind !== "resource") {
    return unknown(
      "its function is not in this file, so whether that is in a VPC is not known",
      "check the plan of the stack that owns the function, and acknowledge this with that reason",
    );
  }
  const subnets = block(target.resource, "vpc_config")?.["subnet_ids"];
  if (Array.isArray(subnets) && subnets.length > 0) {
    return bad(
      `invoke_mode is RESPONSE_STREAM, and ${target.resource.address} is in a VPC`,
      "a streaming function outside of any VPC",
      "remove vpc_config, or use invoke_mode = BUFFERED",
    );
  }
  if (isUnresolved(target.resource.values["vpc_config"]))
    return unknown(`the vpc_config of ${target.resource.address} is known only after apply`, AFTER_APPLY);
  return GOOD;
}

/** Streams are answered from outside a VPC (SSE-A6). */
export const streamingOutsideVpc: Rule = {
  id: "streaming-outside-vpc",
  group: "tracing",
  severity: "error",
  statement: "No function behind a streaming Function URL is in a VPC.",
  why: "Function URLs do not stream from inside a VPC, so spans and answers come in one piece or not at all.",
  judge({ terraform }) {
    return ofType(terraform, "aws_lambda_function_url").flatMap((url) => {
      if (unresolved(url, "invoke_mode"))
        return judged(url, [unknown("its invoke_mode is known only after apply", AFTER_APPLY)]);
      return text(url, "invoke_mode") === "RESPONSE_STREAM" ? judged(url, [look(terraform, url)]) : [];
    });
  },
};
