import type { Mutation } from "./mutation";

/** The original application's mistakes in its API, and those that would undo what is promised of ours. */
export const DASHBOARD_MUTATIONS: readonly Mutation[] = [
  {
    defect: "D1",
    file: "functions/dashboard/analyzed.ts",
    find: "`contains(matched_tickers, :ticker${index})`",
    replace: "`contains(tag, :ticker${index})`",
    test: "__tests__/pipeline/dashboard-news.test.ts",
    name: "D1 ",
  },
  {
    defect: "D13",
    file: "functions/dashboard/alerts.ts",
    find: "if (rule.threshold_value < least",
    replace: "if (!rule.threshold_value || rule.threshold_value < least",
    test: "__tests__/pipeline/dashboard.test.ts",
    name: "D13",
  },
  {
    defect: "D19",
    file: "functions/runtime/bearers.ts",
    find: "return expires !== undefined && expires * 1000 > Date.now();",
    replace: "return expires !== undefined;",
    test: "__tests__/pipeline/dashboard-refusals.test.ts",
    name: "D19 a session that has expired",
  },
  {
    defect: "D29",
    file: "functions/dashboard/page-settings.ts",
    find: "sse_url: STREAM_URL",
    replace: "sse_url: STREAM_URL && null",
    test: "__tests__/pipeline/dashboard.test.ts",
    name: "D29",
  },
  {
    defect: "D30",
    file: "functions/dashboard/cors.ts",
    find: '"Access-Control-Expose-Headers": API_CORS.responseHeaders.join(", "),',
    replace: "",
    test: "__tests__/pipeline/dashboard-tracing.test.ts",
    name: "D30",
  },
  {
    defect: "D31",
    file: "functions/dashboard/handler.ts",
    find: "markAnswer(status, cause);",
    replace: 'annotate("http_status", status);',
    test: "__tests__/pipeline/dashboard-tracing.test.ts",
    name: "D31 an error nobody foresaw",
  },
];
