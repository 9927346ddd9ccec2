import { accessOf } from "../contract/access";
import { canaryAlertTopicName, canaryStateParameter, functionArn, roleArn } from "../contract/canary";
import { namespacesOf } from "../contract/metrics";
import type { Environment } from "../contract/names";
import { SERVICE_KEYS, type ServiceKey } from "../contract/services";
import { inspectionStatements } from "../policies/iam/canary";
import type { FunctionGrants } from "../policies/iam/function-access";
import { type Account, arnOf } from "./account";
import type { PagingRegion } from "./paging-region";
import type { Storage } from "./storage";

/** What the grants of a service are made of. */
export interface GrantSources {
  readonly environment: Environment;
  /** Account and region of the functions. */
  readonly account: Account;
  readonly storage: Storage;
  /** Where the canary says what it finds. */
  readonly backup: PagingRegion;
}

/**
 * What the canary inspects, with ARNs written out: roles and functions would otherwise refer to each other in a circle,
 * and the region of the topic has to be readable (IAM-3).
 */
function inspected({ environment, account, backup }: GrantSources) {
  return {
    parameterArn: arnOf(account, "ssm", `parameter${canaryStateParameter(environment)}`),
    roleArns: SERVICE_KEYS.map((service) => roleArn(account, environment, service)),
    functionArns: SERVICE_KEYS.map((service) => functionArn(account, environment, service)),
    topicArn: arnOf({ ...account, region: backup.region }, "sns", canaryAlertTopicName(environment)),
  };
}

/** What the role of a service is allowed, from what the contract says its code uses. */
export function grantsOf(
  sources: GrantSources,
  service: ServiceKey,
): Omit<FunctionGrants, "logGroupArn" | "deadLetterQueueArn"> {
  const { storage, backup } = sources;
  const access = accessOf(service);
  const inspects = access.inspects ?? [];
  const usesKey = access.publishesTo.length > 0 || access.readsSecrets.length > 0;
  return {
    tables: access.tables.map((table) => ({ ...table, arn: storage.table(table.table).arn })),
    topicArns: access.publishesTo.map((topic) => storage.topic(topic).arn),
    secretArns: access.readsSecrets.map((secret) => storage.secret(secret).arn),
    keyArns: [
      ...(usesKey ? [storage.key.arn] : []),
      ...(inspects.includes("sns:Publish") ? [backup.keyArn] : []),
    ],
    metricNamespaces: namespacesOf(service),
    readsMetrics: access.readsMetrics,
    inspections: inspectionStatements(inspects, inspected(sources)),
  };
}
