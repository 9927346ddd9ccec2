import type { Environment } from "../../contract/names";
import { physicalName } from "../../contract/names";
import { BASELINE_TAG, ROLLBACK_MINUTES, rollbackTarget } from "../../contract/rollback";

/** The only variable a rollback changes; everything else in the plan stays (DEP-4). */
const VARIABLE = "TF_VAR_sse_image_uri";

/**
 * How to go back, as commands.
 *
 * @param baseline the baseline image by digest; without it the commands find it
 * @param region of `--region`; the SDK's own when `undefined`
 */
export function wayBack(
  environment: Environment,
  baseline: string | undefined,
  region: string | undefined,
): readonly string[] {
  const there = region === undefined ? "" : ` --region ${region}`;
  const repository = physicalName(environment, "sse");
  const find =
    `"$(terraform output -raw sse_repository_url)@$(aws ecr describe-images${there} --repository-name ${repository} ` +
    `--image-ids imageTag=${BASELINE_TAG} --query 'imageDetails[0].imageDigest' --output text)"`;
  return [
    `Within ${ROLLBACK_MINUTES.killSwitch} minutes, tracing off and the image as it is:`,
    `  tracewright kill-switch on --function ${rollbackTarget(environment).functionName}${there}`,
    `Within ${ROLLBACK_MINUTES.image} minutes, the image without collector; every other variable as it was:`,
    `  export ${VARIABLE}=${baseline ?? find}`,
    "  terraform plan    # changes image_uri of one function and nothing else",
    "  terraform apply",
    `Note the time, and then: tracewright rollback verify --environment ${environment} --since TIME${there}`,
  ];
}
