import type { Mutation } from "./mutation";

/** The mistakes of the original page, and the monitoring client's own. */
export const PAGE_MUTATIONS: readonly Mutation[] = [
  {
    defect: "D32",
    file: "browser/api-request.ts",
    find: "if (root !== undefined) headers.set(HEADERS.traceId, root);",
    replace: "",
    test: "__tests__/browser/api-client.test.ts",
    name: "D32",
  },
  {
    defect: "D34",
    file: "browser/page/settings.ts",
    find: 'if (typeof sse_url !== "string" || !URL.canParse(sse_url) || !/^https?:/.test(sse_url)) {',
    replace:
      'if (typeof sse_url !== "string") return { streamUrl: location.origin, environment: "" };\n  if (!sse_url) {',
    test: "__tests__/browser/page-settings.test.ts",
    name: "D34",
  },
  {
    defect: "D35",
    file: "browser/page/rum-client.ts",
    find: "enableXRay: true,",
    replace: "",
    test: "__tests__/browser/rum-config.test.ts",
    name: "D35",
  },
  {
    defect: "R-22",
    file: "browser/trace-fetch.ts",
    find: 'field !== "" && !/^sampled=/i.test(field)',
    replace: 'field !== ""',
    test: "__tests__/browser/trace-fetch.test.ts",
    name: "R-22",
  },
];
