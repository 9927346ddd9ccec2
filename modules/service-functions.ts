import { Construct } from "constructs";
import { accessOf } from "../contract/access";
import { MODEL_VERSION, type VariableOf } from "../contract/environment-variables";
import { namespacesOf } from "../contract/metrics";
import { type Environment, physicalName } from "../contract/names";
import { functionName, isAsynchronous, SERVICE_KEYS, SERVICES, type ServiceKey } from "../contract/services";
import type { Vendor } from "../contract/vendors";
import type { FunctionGrants } from "../policies/iam/function-access";
import type { FunctionBundle } from "./function-bundle";
import type { Storage } from "./storage";
import { TracedFunction } from "./traced-function";
import { XrayAccess } from "./xray-access";

/** Props of {@link ServiceFunctions}. */
export interface ServiceFunctionsProps {
  /** Environment, first part of every name. @default none */
  readonly environment: Environment;
  /** What the functions use. @default none */
  readonly storage: Storage;
  /** Their code. @default none */
  readonly bundles: Readonly<Record<ServiceKey, FunctionBundle>>;
  /** Base URLs of the news vendors. @default none */
  readonly vendorBaseUrls: Readonly<Record<Vendor, string>>;
  /** Days logs are kept. @default none */
  readonly logRetentionDays: number;
  /** What is deployed. @default none */
  readonly deploymentVersion: string;
}

/** What the construct fills in itself on every function. */
type Given = "POWERTOOLS_SERVICE_NAME" | "DEPLOYMENT_VERSION";

/** One traced function per service of the contract. */
export class ServiceFunctions extends Construct {
  private readonly functions: Readonly<Record<ServiceKey, TracedFunction>>;

  constructor(scope: Construct, id: string, props: ServiceFunctionsProps) {
    super(scope, id);
    const xrayAccess = new XrayAccess(this, "xray-access", {
      policyName: physicalName(props.environment, "xray-write"),
    });
    const variables = variablesOf(props);
    const made = SERVICE_KEYS.map((service): [ServiceKey, TracedFunction] => {
      const contract = SERVICES[service];
      const fn = new TracedFunction(this, service, {
        functionName: functionName(props.environment, service),
        serviceName: contract.serviceName,
        description: contract.purpose,
        code: props.bundles[service],
        timeoutSeconds: contract.timeoutSeconds,
        memoryMb: contract.memoryMb,
        reservedConcurrency: contract.reservedConcurrency,
        variables: variables[service],
        grants: grantsOf(props.storage, service),
        xrayAccess,
        logRetentionDays: props.logRetentionDays,
        deploymentVersion: props.deploymentVersion,
        failures: isAsynchronous(service)
          ? { kind: "dead-letter-queue", queue: props.storage.deadLetterQueue }
          : { kind: "caller-sees-it" },
      });
      for (const topic of accessOf(service).publishesTo) props.storage.topic(topic).allowPublish(fn.roleArn);
      return [service, fn];
    });
    this.functions = Object.fromEntries(made) as Record<ServiceKey, TracedFunction>;
  }

  /** The function of a service. */
  of(service: ServiceKey): TracedFunction {
    return this.functions[service];
  }
}

function grantsOf(
  storage: Storage,
  service: ServiceKey,
): Omit<FunctionGrants, "logGroupArn" | "deadLetterQueueArn"> {
  const access = accessOf(service);
  const usesKey = access.publishesTo.length > 0 || access.readsSecrets.length > 0;
  return {
    tables: access.tables.map((table) => ({ ...table, arn: storage.table(table.table).arn })),
    topicArns: access.publishesTo.map((topic) => storage.topic(topic).arn),
    secretArns: access.readsSecrets.map((secret) => storage.secret(secret).arn),
    keyArns: usesKey ? [storage.key.arn] : [],
    metricNamespaces: namespacesOf(service),
    readsMetrics: access.readsMetrics,
  };
}

function variablesOf(props: ServiceFunctionsProps): {
  readonly [S in ServiceKey]: Readonly<Record<Exclude<VariableOf<S>, Given>, string>>;
} {
  const { storage, environment, vendorBaseUrls } = props;
  const ENVIRONMENT = environment;
  const DATABASE_TABLE = storage.table("items").tableName;
  return {
    ingestion: {
      ENVIRONMENT,
      DATABASE_TABLE,
      USERS_TABLE: storage.table("users").tableName,
      SNS_TOPIC_ARN: storage.topic("analysis-requests").arn,
      TIINGO_SECRET_ARN: storage.secret("tiingo").arn,
      FINNHUB_SECRET_ARN: storage.secret("finnhub").arn,
      TIINGO_BASE_URL: vendorBaseUrls.tiingo,
      FINNHUB_BASE_URL: vendorBaseUrls.finnhub,
      MODEL_VERSION,
    },
    analysis: {
      ENVIRONMENT,
      DATABASE_TABLE,
      TIMESERIES_TABLE: storage.table("timeseries").tableName,
      MODEL_VERSION,
    },
    metrics: { ENVIRONMENT, DATABASE_TABLE },
  };
}
