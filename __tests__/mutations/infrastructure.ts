import type { Mutation } from "./mutation";

/** The mistakes of the original application in what its Terraform said. */
export const INFRASTRUCTURE_MUTATIONS: readonly Mutation[] = [
  {
    defect: "D2",
    file: "contract/messaging.ts",
    find: 'publishers: ["cloudwatch", "events", "budgets"],',
    replace: 'publishers: ["events", "budgets"],',
    test: "__tests__/modules",
    name: "D2",
  },
  {
    defect: "D3",
    file: "modules/service-functions.ts",
    find: "keyArns: usesKey ? [storage.key.arn] : [],",
    replace: "keyArns: [],",
    test: "__tests__/modules",
    name: "D3",
  },
  {
    defect: "D4",
    file: "modules/service-functions.ts",
    find: "metricNamespaces: namespacesOf(service),",
    replace: 'metricNamespaces: ["SentimentAnalyzer"],',
    test: "__tests__/modules",
    name: "D4",
  },
  {
    defect: "SNS-1",
    file: "modules/topic-trigger.ts",
    find: "rawMessageDelivery: false",
    replace: "rawMessageDelivery: true",
    test: "__tests__/policies/rules.test.ts",
    name: "breaks no rule",
  },
];
