import { errorsReachLambda } from "../../../policies/rules/cannot-fire/errors-reach-lambda";
import type { KnownFunction } from "../../../policies/rules/knowledge";
import type { JsonObject } from "../../../policies/terraform/model";
import { alarm, merged, rehearsed, stack } from "./stack";

/** A function behind a REST API. */
const site: JsonObject = merged({
  aws_lambda_function: { site: { function_name: "site", timeout: 10, memory_size: 128 } },
  aws_api_gateway_rest_api: { site: { name: "shop" } },
  aws_lambda_permission: {
    site: {
      function_name: "${aws_lambda_function.site.arn}",
      principal: "apigateway.amazonaws.com",
      source_arn: "${aws_api_gateway_rest_api.site.execution_arn}/*",
    },
  },
});
const errors = alarm("errors", {
  namespace: "AWS/Lambda",
  metric_name: "Errors",
  dimensions: { FunctionName: "site" },
});
const served = (apiName: string) =>
  alarm("served", {
    namespace: "AWS/ApiGateway",
    metric_name: "5XXError",
    dimensions: { ApiName: apiName, Stage: "v1" },
  });
const knowing = (handlerErrors: KnownFunction["handlerErrors"]) => ({
  functions: { site: { handlerErrors, invoked: "yes", emits: [], logLines: [] } as const },
});
const fails = {
  id: "fails",
  title: "Every request fails",
  kind: "fault" as const,
  lastsSeconds: 3600,
  effects: [{ do: "errors" as const, share: 1, select: { function: "site" } }],
};

function heard(handlerErrors: KnownFunction["handlerErrors"]): readonly string[] {
  const found = rehearsed(stack([site], errors, served("shop")), [fails], {
    knowledge: knowing(handlerErrors),
  });
  return found.rows.flatMap((row) => [...row.pages.keys()]).sort();
}

describe("D6 a handler that answers its errors with 5xx", () => {
  test("moves the gateway's metric and not Errors", () => {
    expect(heard("answered")).toEqual(["served"]);
    expect(heard("raised")).toEqual(["errors"]);
    expect(heard("caught")).toEqual([]);
  });

  test("its Errors can still move: it may crash", () => {
    const found = rehearsed(stack([site], errors), [fails], { knowledge: knowing("answered") });
    expect(found.alarms.map((one) => [one.name, one.verdict.kind])).toEqual([["errors", "fires"]]);
  });

  test.each([
    ["beside an alarm on the 5xx of its API", [errors, served("shop")], "compliant"],
    ["beside an alarm on another API", [errors, served("other")], "non-compliant"],
    ["alone", [errors], "non-compliant"],
  ])("an alarm on its Errors %s is %s", (_title, alarms, outcome) => {
    const terraform = stack([site], ...alarms);
    const judged = errorsReachLambda.judge({ terraform, knowledge: knowing("answered") });
    expect(judged.map((one) => one.outcome)).toEqual([outcome]);
  });
});
