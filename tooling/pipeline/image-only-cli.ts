import { parseArgs } from "node:util";
import { ENVIRONMENTS } from "../../contract/names";
import { InputError, readJson } from "../../instruments/terraform-file";
import { isObject, type JsonObject } from "../../policies/terraform/model";
import { imageOnly } from "./image-only";

const HELP = `Usage: npm run plan:image-only -- --environment NAME --plan FILE

Refuses a plan that changes anything but the image of the streaming function, so that going back is going back and no
deployment. The switch of that function's tracing may return to what it was. FILE is what terraform show -json printed.

  --environment NAME  ${ENVIRONMENTS.join(", ")}
  --plan FILE         for example plan.json
  --help              this text

Exit codes: 0 the image alone changes, or nothing, 1 more does (the message says what), 2 wrong usage or no such plan.
`;

const MOST_SHOWN = 20;
const MAKE_ONE = "terraform plan -out=plan.tfplan && terraform show -json plan.tfplan > plan.json";

function readPlan(file: string): JsonObject {
  const expected = "a plan as terraform show -json prints it";
  const plan = readJson(file, expected, MAKE_ONE);
  // A state, or a plan of nothing that Terraform could not make, must not pass for one without changes.
  if (isObject(plan) && Array.isArray(plan["resource_changes"]) && plan["errored"] !== true) return plan;
  throw new InputError(file, "JSON without resource_changes, or of a plan that failed", expected, MAKE_ONE);
}

function main(): number {
  const { values } = parseArgs({
    options: { environment: { type: "string" }, plan: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const environment = ENVIRONMENTS.find((one) => one === values.environment);
  if (environment === undefined)
    throw new Error(`--environment ${values.environment}: expected one of ${ENVIRONMENTS.join(", ")}.`);
  if (values.plan === undefined) throw new Error("--plan is needed.");
  const { changesImage, others } = imageOnly(readPlan(values.plan), environment);
  if (others.length === 0) {
    process.stdout.write(
      changesImage ? "the image changes, nothing else\n" : "nothing changes: this image runs\n",
    );
    return 0;
  }
  const shown = others.slice(0, MOST_SHOWN).map((one) => `  ${one}\n`);
  const more = others.length > MOST_SHOWN ? `  and ${others.length - MOST_SHOWN} more\n` : "";
  process.stderr.write(
    `${values.plan}: found other changes besides the image:\n${shown.join("")}${more}Expected image_uri of one function. ` +
      "Next step: give variables and secrets of the GitHub environment the values they were deployed with, end kill\n" +
      "switches of other functions, and undo by hand what was changed by hand; docs/pipeline.md says more.\n",
  );
  return 1;
}

try {
  process.exitCode = main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof InputError ? `${message}\n` : `${message}\n${HELP}`);
  process.exitCode = 2;
}
