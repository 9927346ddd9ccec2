import { join } from "node:path";
import { App } from "cdktf";
import { functionName, SERVICE_KEYS } from "./contract/services";
import { loadEnvironments } from "./environments";
import { bundleFunctions } from "./modules/function-bundle";
import { GuardRails } from "./modules/guard-rails";
import { SentimentStack } from "./modules/sentiment-stack";
import { bundleStreaming } from "./modules/streaming-bundle";
import { promisesOf } from "./policies/promised";

/** Where code is kept: zips until Terraform CDK copies them beside the stack, the stream's until its image is built. */
const CODE_DIRECTORY = join("build", "functions");

/** Builds every environment's stack under guard-rails and writes the Terraform. */
function synthesize(root: string): void {
  const environments = loadEnvironments(root, process.env);
  const bundles = bundleFunctions(root, join(root, CODE_DIRECTORY));
  const code = { ...bundles, sse: bundleStreaming(root, join(root, CODE_DIRECTORY)) };
  const app = new App();
  const guardRails = new GuardRails();
  for (const [environment, settings] of environments) {
    const stack = new SentimentStack(app, environment, { environment, ...settings, bundles });
    guardRails.protect(stack, {
      promises: promisesOf(environment, settings.alarmTier),
      emissions: Object.fromEntries(
        SERVICE_KEYS.map((service) => [functionName(environment, service), code[service].emissions]),
      ),
    });
  }
  app.synth();
}

try {
  synthesize(process.cwd());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
