import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { strToU8, zipSync } from "fflate";
import { FIXED_VARIABLES, MODEL_VERSION } from "../../contract/environment-variables";
import { FunctionHost, type HostOptions } from "../../lab/runtime/function-host";
import { BUNDLE_OPTIONS } from "../../modules/function-bundle";
import { ROOT } from "./pipeline-lab";

/** A complete, valid configuration of ingestion. */
export const INGESTION_VARIABLES: Readonly<Record<string, string>> = {
  ...FIXED_VARIABLES,
  ENVIRONMENT: "dev",
  POWERTOOLS_SERVICE_NAME: "sentiment-analyzer-ingestion",
  DEPLOYMENT_VERSION: "test",
  DATABASE_TABLE: "dev-sentiment-items",
  USERS_TABLE: "dev-sentiment-users",
  SNS_TOPIC_ARN: "arn:aws:sns:us-east-1:123456789012:dev-sentiment-analysis-requests",
  TIINGO_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:tiingo",
  FINNHUB_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:finnhub",
  TIINGO_BASE_URL: "http://127.0.0.1:9",
  FINNHUB_BASE_URL: "http://127.0.0.1:9",
  MODEL_VERSION,
};

/**
 * Bundles a small handler as functions are bundled and starts it as Lambda would, so that the runtime library is seen
 * in the surroundings it is made for.
 *
 * @param source TypeScript of a module in `functions/runtime/` that exports `handler`
 */
export async function startProbe(
  source: string,
  options: Pick<HostOptions, "xrayDaemon"> & Partial<HostOptions>,
): Promise<FunctionHost> {
  const built = buildSync({
    ...BUNDLE_OPTIONS,
    absWorkingDir: ROOT,
    stdin: { contents: source, resolveDir: join(ROOT, "functions", "runtime"), loader: "ts" },
    write: false,
    logLevel: "silent",
  });
  const directory = mkdtempSync(join(tmpdir(), "tracewright-probe-"));
  try {
    const zipPath = join(directory, "function.zip");
    writeFileSync(zipPath, zipSync({ "index.js": strToU8(built.outputFiles[0]?.text ?? "") }));
    return await FunctionHost.start({
      zipPath,
      functionName: "dev-sentiment-ingestion",
      timeoutSeconds: 20,
      memoryMb: 128,
      variables: INGESTION_VARIABLES,
      ...options,
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
