/**
 * The alarm register of the original application (application §8.9) as a table: does the alarm fire?
 *
 * - `fires`: yes.
 * - `crashes`: on crashes and timeouts only, never on the errors it is meant for (D6).
 * - `never`: no.
 * - `stuck`: it rests in ALARM for ever.
 * - `partly`: a composite, some of whose alarms cannot fire.
 */
export type RegisterVerdict = "fires" | "crashes" | "never" | "stuck" | "partly";

/** One row: alarm names behind the prefix the register gives them, the verdict, and whether the plan alone decides it. */
export interface RegisterRow {
  readonly block: "live" | "gated";
  readonly alarms: readonly string[];
  readonly verdict: RegisterVerdict;
  readonly decidedBy: "plan" | "knowledge";
}

type Rest = readonly [verdict: RegisterVerdict, decidedBy: RegisterRow["decidedBy"], ...alarms: string[]];

const rows = (block: RegisterRow["block"], all: readonly Rest[]): readonly RegisterRow[] =>
  all.map(([verdict, decidedBy, ...alarms]) => ({ block, alarms, verdict, decidedBy }));

/** Every row, in the order of the register; a row is split where its alarms differ. */
export const REGISTER: readonly RegisterRow[] = [
  ...rows("live", [
    // {ingestion,analysis,metrics}-errors: crashes/timeouts only; ingestion never (at most 3 attempts a period)
    ["never", "plan", "ingestion-errors"],
    ["crashes", "knowledge", "analysis-errors", "metrics-errors"],
    // {dashboard,notification,sse-streaming}-errors: same; notification never invoked
    ["crashes", "knowledge", "dashboard-errors", "sse-streaming-errors"],
    ["never", "plan", "notification-errors"],
    ["never", "plan", "canary-errors"],
    ["fires", "plan", "analysis-duration"],
    // lambda-{ingestion,analysis}-errors: as the first row
    ["never", "plan", "lambda-ingestion-errors"],
    ["crashes", "knowledge", "lambda-analysis-errors"],
    ["crashes", "knowledge", "lambda-dashboard-errors"],
    ["never", "plan", "notification-lambda-errors"],
    ["fires", "plan", "analysis-latency-high"],
    ["fires", "plan", "dashboard-latency-high"],
    ["never", "knowledge", "dashboard-import-errors"],
    ["fires", "plan", "sns-delivery-failures"],
    ["stuck", "knowledge", "no-new-items-1h"],
    // "DLQ never fills (D6)": handled errors never reach it, crashes and timeouts still do
    ["crashes", "knowledge", "dlq-depth-exceeded"],
    ["fires", "plan", "dynamodb-high-read-capacity"],
    ["never", "plan", "dynamodb-user-errors"],
    ["never", "plan", "dynamodb-system-errors"],
    ["fires", "plan", "dynamodb-write-throttles"],
    ["fires", "plan", "dynamodb-daily-cost-high"],
    ["fires", "plan", "lambda-daily-invocations-high"],
    ["fires", "plan", "sns-daily-messages-high"],
    ["never", "knowledge", "tiingo-error-rate-high", "finnhub-error-rate-high"],
    ["never", "knowledge", "circuit-breaker-open"],
    ["never", "plan", "collision-rate-high", "collision-rate-low"],
    ["never", "plan", "anomalous-collision-rate"],
    ["never", "plan", "sendgrid-quota-50-percent", "sendgrid-quota-80-percent"],
    ["never", "plan", "notification-delivery-low"],
    ["never", "plan", "alert-triggers-high"],
  ]),
  ...rows("gated", [
    // named like the gated ones, but live
    ["fires", "knowledge", "chaos-iam-policy-attachment"],
    // {six}-lambda-errors: crashes only; notification is never invoked
    ["crashes", "knowledge", "ingestion-lambda-errors", "analysis-lambda-errors", "metrics-lambda-errors"],
    ["crashes", "knowledge", "dashboard-lambda-errors", "sse-streaming-lambda-errors"],
    ["never", "plan", "notification-lambda-errors"],
    // {six}-lambda-latency-p95: metrics never (30 s timeout); notification is never invoked
    ["fires", "plan", "ingestion-lambda-latency-p95", "analysis-lambda-latency-p95"],
    ["fires", "plan", "dashboard-lambda-latency-p95", "sse-streaming-lambda-latency-p95"],
    ["never", "plan", "metrics-lambda-latency-p95", "notification-lambda-latency-p95"],
    // {six}-lambda-throttles: yes; notification is never invoked
    ["fires", "plan", "ingestion-lambda-throttles", "analysis-lambda-throttles", "metrics-lambda-throttles"],
    ["fires", "plan", "dashboard-lambda-throttles", "sse-streaming-lambda-throttles"],
    ["never", "plan", "notification-lambda-throttles"],
    ["never", "plan", "silent-failure-any"],
    // canary-heartbeat and -completeness: never created, and their dimensions are wrong while silence is breaching
    ["stuck", "knowledge", "canary-heartbeat", "canary-completeness"],
    ["fires", "plan", "apigw-integration-latency-p99"],
    ["fires", "plan", "apigw-5xx-errors"],
    ["never", "plan", "fnurl-5xx-errors"],
    ["never", "knowledge", "sse-high-connection-count"],
    ["partly", "plan", "critical-composite"],
  ]),
  ...rows("live", [
    ["fires", "plan", "api-gateway-4xx-errors", "api-gateway-5xx-errors", "api-gateway-latency"],
    ["fires", "plan", "waf-blocked-requests"],
  ]),
];

/** The CloudWatch names of a row's alarms. */
export function namesOf({ block, alarms }: RegisterRow): readonly string[] {
  return alarms.map((one) => `${block === "live" ? "preprod-sentiment" : "preprod"}-${one}`);
}
