import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { accessOf } from "../contract/access";
import { namespacesOf } from "../contract/metrics";
import { physicalName } from "../contract/names";
import { functionName, isAsynchronous, SERVICES, type ServiceKey, ZIP_SERVICES } from "../contract/services";
import type { FunctionGrants } from "../policies/iam/function-access";
import type { DeployedFunction, FunctionBasicsProps } from "./function-basics";
import type { ZipBundles } from "./function-bundle";
import { serviceVariables, type VariableSources } from "./service-variables";
import type { Storage } from "./storage";
import { StreamingFunction } from "./streaming-function";
import { TracedFunction } from "./traced-function";
import { XrayAccess } from "./xray-access";

/** Props of {@link ServiceFunctions}: what their variables come from, and the functions themselves. */
export interface ServiceFunctionsProps extends Omit<VariableSources, "streamUrl"> {
  /** Code of the functions that ship as zips. @default none */
  readonly bundles: ZipBundles;
  /** Image of the streaming function, by digest. @default none */
  readonly sseImageUri: string;
  /** Days logs are kept. @default none */
  readonly logRetentionDays: number;
  /** What is deployed. @default none */
  readonly deploymentVersion: string;
}

/** One traced function per service of the contract. */
export class ServiceFunctions extends Construct {
  /** The function that streams. */
  readonly stream: StreamingFunction;
  private readonly functions: Readonly<Record<ServiceKey, DeployedFunction>>;

  constructor(scope: Construct, id: string, props: ServiceFunctionsProps) {
    super(scope, id);
    const { storage } = props;
    const xrayAccess = new XrayAccess(this, "xray-access", {
      policyName: physicalName(props.environment, "xray-write"),
    });
    // Lazy: the stream's own variables come from here too.
    const streamUrl = Lazy.stringValue({ produce: () => this.stream.url });
    const variables = serviceVariables({ ...props, streamUrl });
    const basics = (service: ServiceKey): FunctionBasicsProps => ({
      functionName: functionName(props.environment, service),
      serviceName: SERVICES[service].serviceName,
      description: SERVICES[service].purpose,
      timeoutSeconds: SERVICES[service].timeoutSeconds,
      memoryMb: SERVICES[service].memoryMb,
      reservedConcurrency: SERVICES[service].reservedConcurrency,
      variables: variables[service],
      grants: grantsOf(storage, service),
      xrayAccess,
      logRetentionDays: props.logRetentionDays,
      deploymentVersion: props.deploymentVersion,
    });
    const zipped = ZIP_SERVICES.map((service): [ServiceKey, DeployedFunction] => {
      const fn = new TracedFunction(this, service, {
        ...basics(service),
        code: props.bundles[service],
        failures: isAsynchronous(service)
          ? { kind: "dead-letter-queue", queue: storage.deadLetterQueue }
          : { kind: "caller-sees-it" },
      });
      for (const topic of accessOf(service).publishesTo) storage.topic(topic).allowPublish(fn.roleArn);
      return [service, fn];
    });
    this.stream = new StreamingFunction(this, "sse", {
      ...basics("sse"),
      imageUri: props.sseImageUri,
      corsOrigins: props.corsOrigins,
    });
    const made: readonly (readonly [ServiceKey, DeployedFunction])[] = [...zipped, ["sse", this.stream]];
    this.functions = Object.fromEntries(made) as Record<ServiceKey, DeployedFunction>;
  }

  /** The function of a service. */
  of(service: ServiceKey): DeployedFunction {
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
