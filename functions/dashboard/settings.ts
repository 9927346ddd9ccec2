import { CORS_ORIGIN, NO_ORIGIN } from "../../contract/headers";
import { loadConfig } from "../runtime/config";

/** The function's configuration. @throws Error naming every variable that is missing */
export const config = loadConfig("dashboard");

/** Validated settings of the dashboard function. */
export interface ApiSettings {
  /** Origins whose pages may read answers; empty when none may. */
  readonly origins: ReadonlySet<string>;
  /** Share of page views that report their performance, 0 to 1. */
  readonly rumSampleRate: number;
  /** AWS region the function runs in, which is also that of the monitor of pages. */
  readonly region: string;
}

/**
 * Reads the settings.
 *
 * @throws Error naming every variable that is wrong; values are never part of it
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): ApiSettings {
  const listed = variables["CORS_ORIGINS"] ?? "";
  const origins = listed === NO_ORIGIN ? [] : listed.split(",").map((one) => one.trim());
  const rumSampleRate = Number(variables["RUM_SAMPLE_RATE"] || Number.NaN);
  const region = variables["AWS_REGION"] ?? "";
  const problems = [
    ...(origins.every((one) => CORS_ORIGIN.test(one))
      ? []
      : ["CORS_ORIGINS must be origins, comma-separated"]),
    ...(rumSampleRate >= 0 && rumSampleRate <= 1 ? [] : ["RUM_SAMPLE_RATE must be from 0 to 1"]),
    ...(region === "" ? ["AWS_REGION is not set"] : []),
  ];
  if (problems.length > 0) {
    throw new Error(
      `dashboard cannot start: ${problems.join("; ")}. ` +
        "Correct environments.ts or the function's construct in modules/; deploy it again.",
    );
  }
  return { origins: new Set(origins), rumSampleRate, region };
}

/** The process's settings. */
export const settings = readSettings(process.env);
