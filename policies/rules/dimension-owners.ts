/** Which resource a dimension names. */
export interface DimensionOwner {
  /** Resource types that may carry the name. */
  readonly types: readonly string[];
  /** The attribute that is the dimension's value. */
  readonly attribute: string;
  /** Other attributes with the same value. */
  readonly synonyms: readonly string[];
  /** What people call it. */
  readonly noun: string;
}

function owner(
  noun: string,
  attribute: string,
  types: readonly string[],
  synonyms: readonly string[] = [],
): DimensionOwner {
  return { noun, attribute, types, synonyms };
}

const REST_API = owner("REST API", "name", ["aws_api_gateway_rest_api"]);
const STAGE = owner("stage", "stage_name", ["aws_api_gateway_stage"]);
const HTTP_STAGE = owner("stage", "name", ["aws_apigatewayv2_stage"], ["id"]);

/**
 * By namespace and dimension: the resource it names. `Stage` of API Gateway depends on its neighbour, see
 * {@link ownerOf}.
 */
const OWNERS: Readonly<Record<string, Readonly<Record<string, DimensionOwner>>>> = {
  "AWS/Lambda": {
    FunctionName: owner("function", "function_name", ["aws_lambda_function"], ["id"]),
    EventSourceMappingUUID: owner(
      "event source mapping",
      "uuid",
      ["aws_lambda_event_source_mapping"],
      ["id"],
    ),
  },
  "AWS/SQS": { QueueName: owner("queue", "name", ["aws_sqs_queue"]) },
  "AWS/SNS": { TopicName: owner("topic", "name", ["aws_sns_topic"]) },
  "AWS/DynamoDB": {
    TableName: owner("table", "name", ["aws_dynamodb_table", "aws_dynamodb_global_table"], ["id"]),
  },
  "AWS/ApiGateway": {
    ApiName: REST_API,
    ApiId: owner("API", "id", ["aws_apigatewayv2_api"]),
  },
  "AWS/Events": {
    RuleName: owner("rule", "name", ["aws_cloudwatch_event_rule"], ["id"]),
    EventBusName: owner("event bus", "name", ["aws_cloudwatch_event_bus"], ["id"]),
  },
  "AWS/X-Ray": { GroupName: owner("trace group", "group_name", ["aws_xray_group"]) },
  "AWS/Logs": { LogGroupName: owner("log group", "name", ["aws_cloudwatch_log_group"], ["id"]) },
  "AWS/WAFV2": { WebACL: owner("web ACL", "name", ["aws_wafv2_web_acl"]) },
};

/** The resource a dimension names; `undefined` for dimensions that name none. */
export function ownerOf(namespace: string, key: string, keys: readonly string[]): DimensionOwner | undefined {
  if (namespace === "AWS/ApiGateway" && key === "Stage") return keys.includes("ApiId") ? HTTP_STAGE : STAGE;
  return OWNERS[namespace]?.[key];
}

/** Everything dimensions of a namespace name. */
export function ownersIn(namespace: string): readonly DimensionOwner[] {
  const owners = Object.values(OWNERS[namespace] ?? {});
  return namespace === "AWS/ApiGateway" ? [...owners, STAGE, HTTP_STAGE] : owners;
}

/** `a queue`, `an API`. */
export function oneOf({ noun }: DimensionOwner): string {
  return `${/^[aeio]|^API/.test(noun) ? "an" : "a"} ${noun}`;
}
