import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { Tier } from "../../contract/alarms/definition";
import { failurePathsOf } from "../../contract/failure-paths";
import { metric, metricsOf } from "../../contract/metrics";
import type { Environment } from "../../contract/names";
import {
  functionName,
  SERVICE_KEYS,
  type ServiceKey,
  ZIP_SERVICES,
  type ZipServiceKey,
} from "../../contract/services";
import { loadEnvironments, type Settings } from "../../environments";
import type { FunctionBundle, ZipBundles } from "../../modules/function-bundle";
import type { Expectations } from "../../modules/guard-rails";
import { SentimentStack } from "../../modules/sentiment-stack";
import { promisesOf } from "../../policies/promised";
import type { Emissions } from "../../policies/rules/promises";
import type { JsonObject, TerraformModel } from "../../policies/terraform/model";
import { fromSynthesized } from "../../policies/terraform/synthesized";

/** The emissions the contract promises of a service. */
function promisedEmissions(service: ServiceKey): Emissions {
  return {
    metrics: metricsOf(service).filter(
      (name) => name !== "SilentFailure/Count" && metric(name).alarmedThrough !== "SilentFailure/Count",
    ),
    failurePaths: failurePathsOf(service),
  };
}

/** Bundles with one-byte zips and the emissions the contract promises: for tests of constructs, not of code. */
export function stubBundles(): ZipBundles {
  const directory = mkdtempSync(join(tmpdir(), "tracewright-stub-"));
  const zipPath = join(directory, "function.zip");
  writeFileSync(zipPath, "0");
  const bundle = (service: ZipServiceKey): FunctionBundle => ({
    service,
    zipPath,
    sha256: "c3R1Yg==",
    zipBytes: 1,
    codeBytes: 1,
    emissions: promisedEmissions(service),
  });
  return Object.fromEntries(ZIP_SERVICES.map((service) => [service, bundle(service)])) as ZipBundles;
}

/** One environment's stack with default settings, some of them changed. */
export function sentimentStack(
  environment: Environment,
  tier?: Tier,
  change: Partial<Settings> = {},
): SentimentStack {
  const settings = loadEnvironments(__dirname, {}).get(environment);
  if (settings === undefined) throw new Error(`no settings for ${environment}`);
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), "tracewright-out-")) });
  const alarmTier = tier ?? settings.alarmTier;
  return new SentimentStack(app, environment, {
    environment,
    ...settings,
    ...change,
    alarmTier,
    bundles: stubBundles(),
  });
}

/** The finished JSON of an environment; a fresh object each time, so that tests may break it. */
export function synthesize(
  environment: Environment,
  tier?: Tier,
  change: Partial<Settings> = {},
): JsonObject {
  const stack = sentimentStack(environment, tier, change);
  stack.prepareStack();
  return JSON.parse(JSON.stringify(stack.toTerraform())) as JsonObject;
}

/** The resources of an environment. */
export function model(environment: Environment, tier?: Tier): TerraformModel {
  return fromSynthesized(synthesize(environment, tier));
}

/** What guard-rails hold an environment to, with bundles that emit everything. */
export function expectations(environment: Environment, tier: Tier): Expectations {
  return {
    promises: promisesOf(environment, tier),
    emissions: Object.fromEntries(
      SERVICE_KEYS.map((service) => [functionName(environment, service), promisedEmissions(service)]),
    ),
  };
}
