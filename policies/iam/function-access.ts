import type { TableAccess } from "../../contract/access";
import { type PolicyDocument, policyDocument, type Statement } from "./document";

/** One table a function uses, with its ARN filled in. */
export interface GrantedTable extends TableAccess {
  readonly arn: string;
}

/** Everything a function uses, with ARNs filled in; lists may be empty. */
export interface FunctionGrants {
  readonly logGroupArn: string;
  readonly tables: readonly GrantedTable[];
  readonly topicArns: readonly string[];
  readonly secretArns: readonly string[];
  /** Keys that encrypt those topics and secrets. */
  readonly keyArns: readonly string[];
  /** Namespaces the function emits custom metrics to. */
  readonly metricNamespaces: readonly string[];
  /** Whether the function reads metrics back. Default false. */
  readonly readsMetrics?: boolean;
  /** What the canary alone may do besides. Default: nothing. */
  readonly inspections?: readonly Statement[];
  /** Where Lambda puts events the function could not process. */
  readonly deadLetterQueueArn: string | undefined;
}

function tableStatements(table: GrantedTable): readonly Statement[] {
  const name = table.table.replace(/[^A-Za-z0-9]/g, "");
  const own: Statement = {
    Sid: `Table${name}`,
    Effect: "Allow",
    Action: table.actions.map((action) => `dynamodb:${action}`),
    Resource: table.arn,
  };
  const indexes: Statement = {
    Sid: `Index${name}`,
    Effect: "Allow",
    Action: ["dynamodb:Query"],
    Resource: table.queriesIndexes.map((index) => `${table.arn}/index/${index}`),
  };
  return [...(table.actions.length > 0 ? [own] : []), ...(table.queriesIndexes.length > 0 ? [indexes] : [])];
}

function statementOn(sid: string, actions: readonly string[], arns: readonly string[]): readonly Statement[] {
  return arns.length === 0 ? [] : [{ Sid: sid, Effect: "Allow", Action: actions, Resource: arns }];
}

/**
 * The document of one function's role, built from what the function uses and nothing else (D3, D4).
 *
 * `cloudwatch:PutMetricData` knows no resource but `*`; the namespace condition is what bounds it, and it matches
 * exactly, so every namespace is listed. `cloudwatch:GetMetricData` knows neither resource nor condition.
 */
export function functionDocument(grants: FunctionGrants): PolicyDocument {
  const metrics: Statement = {
    Sid: "EmitMetrics",
    Effect: "Allow",
    Action: ["cloudwatch:PutMetricData"],
    Resource: "*",
    Condition: { StringEquals: { "cloudwatch:namespace": grants.metricNamespaces } },
  };
  return policyDocument([
    ...statementOn("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [`${grants.logGroupArn}:*`]),
    ...grants.tables.flatMap(tableStatements),
    ...statementOn("PublishToTopics", ["sns:Publish"], grants.topicArns),
    ...statementOn("ReadSecrets", ["secretsmanager:GetSecretValue"], grants.secretArns),
    ...statementOn("UseKeys", ["kms:Decrypt", "kms:GenerateDataKey"], grants.keyArns),
    ...(grants.metricNamespaces.length > 0 ? [metrics] : []),
    ...statementOn("ReadMetrics", ["cloudwatch:GetMetricData"], grants.readsMetrics === true ? ["*"] : []),
    ...(grants.inspections ?? []),
    ...statementOn(
      "KeepFailedEvents",
      ["sqs:SendMessage"],
      grants.deadLetterQueueArn === undefined ? [] : [grants.deadLetterQueueArn],
    ),
  ]);
}
