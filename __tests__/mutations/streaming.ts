import type { Mutation } from "./mutation";

/** The mistakes of the original stream that a test without a runtime client can see. */
export const STREAMING_MUTATIONS: readonly Mutation[] = [
  {
    defect: "D18",
    file: "functions/streaming/filter.ts",
    find: "if (filter.tickers !== undefined && !filter.tickers.has(event.ticker)) return false;",
    replace: "",
    test: "__tests__/functions/streaming/request.test.ts",
    name: "D18",
  },
  {
    defect: "D19",
    file: "functions/runtime/access-token.ts",
    find: "if (!(await authority.isSession(id))) throw",
    replace: "if (id === '') throw",
    test: "__tests__/functions/runtime/access-token.test.ts",
    name: "D19",
  },
  {
    defect: "D19",
    file: "functions/runtime/access-token.ts",
    find: "audience: authority.audience,",
    replace: "",
    test: "__tests__/functions/runtime/access-token.test.ts",
    name: "D19",
  },
  {
    defect: "D27",
    file: "functions/streaming/request.ts",
    find: "header(HEADERS.previousTrace)",
    replace: 'header("x-previous-trace-id")',
    test: "__tests__/functions/streaming/request.test.ts",
    name: "D27",
  },
];
