import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as v from "valibot";
import { alarmCatalogue } from "./contract/alarms/catalogue";
import { TIERS } from "./contract/alarms/definition";
import { overrideFault, type ThresholdOverrides } from "./contract/alarms/overrides";
import { VENDOR_BASE_URLS } from "./contract/environment-variables";
import { CORS_ORIGIN } from "./contract/headers";
import { MAIL_BASE_URL } from "./contract/mail";
import { WEBHOOK_URL } from "./contract/messaging";
import { ENVIRONMENTS, type Environment } from "./contract/names";
import { PAGE_URL } from "./contract/page";
import { DEFAULT_SAMPLING_RATES } from "./contract/sampling";
import { partitionOf } from "./modules/account";

/** Retention periods CloudWatch Logs accepts, in days (CloudWatch Logs API, PutRetentionPolicy). */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const region = v.pipe(v.string(), v.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region such as eu-west-1"));

const URL_WORDS = "an http or https URL";
const url = v.pipe(v.string(), v.url(URL_WORDS), v.regex(/^https?:\/\//, URL_WORDS));
const VENDOR_BASE_URL_SETTINGS = v.strictObject({ tiingo: url, finnhub: url });

const SHARE_WORDS = "a number from 0 to 1";
const share = v.pipe(v.number(), v.minValue(0, SHARE_WORDS), v.maxValue(1, SHARE_WORDS));

const STATE_SETTINGS = v.strictObject({
  bucket: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the name of an S3 bucket")),
  region,
  kmsKeyArn: v.optional(
    v.pipe(v.string(), v.regex(/^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, "the ARN of a KMS key")),
  ),
});

const SETTINGS = v.strictObject({
  /** AWS region of the stack. */
  region,
  /** Region the canary pages from when the stack's own does not; another one of the same partition. */
  backupRegion: region,
  /** How many alarms to pay for. */
  alarmTier: v.picklist(TIERS),
  /** Days logs are kept. */
  logRetentionDays: v.picklist(RETENTION_DAYS),
  /** Share of requests sampled beyond the reservoir by the catch-all rule. */
  samplingRate: share,
  /** Where alarms are mailed; a Terraform variable without default when absent. */
  alertEmail: v.optional(v.pipe(v.string(), v.email("an e-mail address"))),
  /** Where the canary's alerts are posted besides; a sensitive Terraform variable without default when absent. */
  alertWebhook: v.optional(v.pipe(v.string(), v.regex(new RegExp(WEBHOOK_URL), "an https URL"))),
  /** Code of X-Ray's quota on PutTraceSegments in Service Quotas; no increase is asked for when absent (SMP-6). */
  traceQuotaCode: v.optional(
    v.pipe(v.string(), v.regex(/^L-[0-9A-F]{8}$/, "a quota code such as L-0123ABCD")),
  ),
  /** Address of the page, for links in mails; a Terraform variable without default when absent. */
  dashboardUrl: v.optional(
    v.pipe(v.string(), v.regex(new RegExp(PAGE_URL), "https://HOST or http://localhost:PORT, without query")),
  ),
  /** Whom alert mails come from; a Terraform variable without default when absent. */
  mailFrom: v.optional(v.pipe(v.string(), v.email("an e-mail address"))),
  /** Base URL of the mail provider, for stubs and proxies. */
  mailBaseUrl: url,
  /** Share of browser sessions that report to CloudWatch RUM. */
  rumSampleRate: share,
  /** The AWS account; a Terraform variable without default when absent. */
  accountId: v.optional(v.pipe(v.string(), v.regex(/^\d{12}$/, "an account id of 12 digits"))),
  /** Base URLs of the news vendors, for stubs and proxies. */
  vendorBaseUrls: VENDOR_BASE_URL_SETTINGS,
  /** Origins whose pages may use the API and the stream; none admits no browser. */
  corsOrigins: v.array(v.pipe(v.string(), v.regex(CORS_ORIGIN, "https://HOST or http://localhost:PORT"))),
  /** Reviewed thresholds, as `tracewright calibrate --write` writes them; relative to the settings file. */
  thresholdsFile: v.optional(v.pipe(v.string(), v.minLength(1, "a path"))),
  /** The bucket that keeps Terraform's state; a local file when absent. */
  state: v.optional(STATE_SETTINGS),
});

/** Settings that are objects themselves. */
const NESTED: Readonly<Record<string, { readonly entries: object }>> = {
  vendorBaseUrls: VENDOR_BASE_URL_SETTINGS,
  state: STATE_SETTINGS,
};

const CHECKED_SETTINGS = v.pipe(
  SETTINGS,
  v.forward(
    v.check(
      (settings) => settings.backupRegion !== settings.region,
      "another region than the stack's: what breaks there must not silence the canary",
    ),
    ["backupRegion"],
  ),
  v.forward(
    v.check(
      (settings) => partitionOf(settings.backupRegion) === partitionOf(settings.region),
      "a region of the same partition as the stack's: its credentials are good for no other",
    ),
    ["backupRegion"],
  ),
);

/** Validated settings of one environment. */
export type Settings = v.InferOutput<typeof SETTINGS> & {
  /** What {@link Settings.thresholdsFile} holds for this environment, by alarm id. */
  readonly thresholds?: ThresholdOverrides;
};

const DEFAULTS: Readonly<Record<Environment, Omit<Settings, "backupRegion">>> = {
  dev: {
    region: "eu-west-1",
    alarmTier: "essential",
    logRetentionDays: 30,
    samplingRate: DEFAULT_SAMPLING_RATES.dev,
    vendorBaseUrls: VENDOR_BASE_URLS,
    mailBaseUrl: MAIL_BASE_URL,
    rumSampleRate: 1,
    corsOrigins: ["http://localhost:3000"],
  },
  preprod: {
    region: "eu-west-1",
    alarmTier: "standard",
    logRetentionDays: 30,
    samplingRate: DEFAULT_SAMPLING_RATES.preprod,
    vendorBaseUrls: VENDOR_BASE_URLS,
    mailBaseUrl: MAIL_BASE_URL,
    rumSampleRate: 1,
    corsOrigins: [],
  },
  prod: {
    region: "eu-west-1",
    alarmTier: "full",
    logRetentionDays: 90,
    samplingRate: DEFAULT_SAMPLING_RATES.prod,
    vendorBaseUrls: VENDOR_BASE_URLS,
    mailBaseUrl: MAIL_BASE_URL,
    rumSampleRate: 0.1,
    corsOrigins: [],
  },
};

/** Where the canary pages from unless a setting says so: another region than the stack's, whichever that is. */
function usualBackup(region: unknown): string {
  return region === "eu-central-1" ? "eu-west-1" : "eu-central-1";
}

const plainObject = v.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);
const OVERRIDES = v.pipe(plainObject, v.record(v.string(), plainObject));

/** The file that overrides defaults, beside `cdktf.json`. */
export const SETTINGS_FILE = "settings.json";

/** Settings a user gave that cannot be used; the message names file, key, what was found and what was expected. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

function refusal(place: string, found: string, expected: string): string {
  return `${place}: found ${found}; expected ${expected}. Next step: correct it; the README's "Settings" lists every key.`;
}

function refuse(place: string, found: string, expected: string): never {
  throw new SettingsError(refusal(place, found, expected));
}

function readOverrides(file: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    refuse(file, error instanceof Error ? error.message : String(error), "a JSON file");
  }
  const known = v.safeParse(OVERRIDES, parsed);
  if (!known.success) refuse(file, JSON.stringify(parsed).slice(0, 80), "an object per environment");
  for (const name of Object.keys(known.output)) requireEnvironment(name, file);
  return known.output;
}

function requireEnvironment(name: string, place: string): Environment {
  const found = ENVIRONMENTS.find((one) => one === name);
  return found ?? refuse(place, `environment ${JSON.stringify(name)}`, `one of ${ENVIRONMENTS.join(", ")}`);
}

function describeIssue(issue: v.BaseIssue<unknown>): { found: string; expected: string } {
  if (issue.type === "strict_object" && issue.expected === "never") {
    const nested = (issue.path?.length ?? 0) > 1 ? v.getDotPath(issue)?.split(".")[0] : undefined;
    const known = nested === undefined ? SETTINGS.entries : NESTED[nested]?.entries;
    return { found: "an unknown key", expected: `one of ${Object.keys(known ?? {}).join(", ")}` };
  }
  if (issue.type === "strict_object" && issue.received === "undefined") {
    return { found: "nothing", expected: "a value" };
  }
  const expected = issue.kind === "validation" ? issue.message : issue.expected;
  // Whoever knows a webhook may post to it.
  const secret = v.getDotPath(issue) === "alertWebhook";
  // What is wrong between two settings is told of the whole object; the one to correct is at the end of the path.
  const whole = issue.received === "Object" && issue.kind === "validation";
  const received = whole ? JSON.stringify(issue.path?.at(-1)?.value) : issue.received;
  return {
    found: secret ? "a value that is not shown here" : received,
    expected: expected ?? issue.message,
  };
}

/** The settings with the reviewed thresholds of their environment read. */
function withThresholds(
  settingsFile: string,
  environment: Environment,
  settings: v.InferOutput<typeof SETTINGS>,
): Settings {
  if (settings.thresholdsFile === undefined) return settings;
  const file = resolve(dirname(settingsFile), settings.thresholdsFile);
  const thresholds = readOverrides(file)[environment];
  const fault = overrideFault(environment, thresholds, alarmCatalogue(environment));
  if (fault !== undefined) refuse(`${file}: ${fault.place}`, fault.found, fault.expected);
  return { ...settings, thresholds: thresholds as ThresholdOverrides };
}

/**
 * The environments to synthesize and their settings: defaults, overridden by `settings.json` if there is one.
 *
 * @param root directory of `cdktf.json`
 * @param variables `TRACEWRIGHT_SETTINGS` names another settings file; `TRACEWRIGHT_ENVIRONMENTS` lists the
 *   environments wanted, separated by commas (all by default)
 * @throws SettingsError on an unknown environment or key, or a value out of bounds
 */
export function loadEnvironments(
  root: string,
  variables: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<Environment, Settings> {
  const named = variables["TRACEWRIGHT_SETTINGS"];
  const file = resolve(root, named ?? SETTINGS_FILE);
  const overrides = named !== undefined || existsSync(file) ? readOverrides(file) : {};
  const wanted = (variables["TRACEWRIGHT_ENVIRONMENTS"] ?? ENVIRONMENTS.join(","))
    .split(",")
    .map((name) => requireEnvironment(name.trim(), "TRACEWRIGHT_ENVIRONMENTS"));
  const settings = ENVIRONMENTS.map((environment): [Environment, Settings] => {
    const own: Readonly<Record<string, unknown>> = {
      ...DEFAULTS[environment],
      ...(overrides[environment] as object | undefined),
    };
    const merged = { backupRegion: usualBackup(own["region"]), ...own };
    const result = v.safeParse(CHECKED_SETTINGS, merged);
    if (result.success) return [environment, withThresholds(file, environment, result.output)];
    throw new SettingsError(
      result.issues
        .map((issue) => {
          const { found, expected } = describeIssue(issue);
          return refusal(`${file}: ${environment}.${v.getDotPath(issue) ?? ""}`, found, expected);
        })
        .join("\n"),
    );
  });
  return new Map(settings.filter(([environment]) => wanted.includes(environment)));
}
