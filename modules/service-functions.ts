import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { accessOf } from "../contract/access";
import { xrayPolicyName } from "../contract/canary";
import { functionName, isAsynchronous, SERVICES, type ServiceKey, ZIP_SERVICES } from "../contract/services";
import type { Account } from "./account";
import type { DeadLetterQueue } from "./dead-letter-queue";
import type { DeployedFunction, FunctionBasicsProps } from "./function-basics";
import type { ZipBundles } from "./function-bundle";
import type { PagingRegion } from "./paging-region";
import { grantsOf } from "./service-grants";
import { serviceVariables, type VariableSources } from "./service-variables";
import { StreamingFunction } from "./streaming-function";
import { type FailureHandling, TracedFunction } from "./traced-function";
import { XrayAccess } from "./xray-access";

/** Props of {@link ServiceFunctions}: what their variables come from, and the functions themselves. */
export interface ServiceFunctionsProps extends Omit<VariableSources, "streamUrl" | "alertTopicArn"> {
  /** Account and region of the functions. @default none */
  readonly account: Account;
  /** Where the canary says what it finds. @default none */
  readonly backup: PagingRegion;
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
    const { storage, environment, backup } = props;
    const xrayAccess = new XrayAccess(this, "xray-access", {
      policyName: xrayPolicyName(environment, "ingestion"),
    });
    const canaryXrayAccess = new XrayAccess(this, "canary-xray-access", {
      policyName: xrayPolicyName(environment, "canary"),
    });
    // Lazy: the stream's own variables come from here too.
    const streamUrl = Lazy.stringValue({ produce: () => this.stream.url });
    const variables = serviceVariables({ ...props, streamUrl, alertTopicArn: backup.topic.arn });
    const basics = (service: ServiceKey): FunctionBasicsProps => ({
      functionName: functionName(environment, service),
      serviceName: SERVICES[service].serviceName,
      description: SERVICES[service].purpose,
      timeoutSeconds: SERVICES[service].timeoutSeconds,
      memoryMb: SERVICES[service].memoryMb,
      reservedConcurrency: SERVICES[service].reservedConcurrency,
      variables: variables[service],
      grants: grantsOf(props, service),
      xrayAccess: service === "canary" ? canaryXrayAccess : xrayAccess,
      logRetentionDays: props.logRetentionDays,
      deploymentVersion: props.deploymentVersion,
    });
    const zipped = ZIP_SERVICES.map((service): [ServiceKey, DeployedFunction] => {
      const fn = new TracedFunction(this, service, {
        ...basics(service),
        code: props.bundles[service],
        failures: failuresOf(service, storage.deadLetterQueue),
      });
      for (const topic of accessOf(service).publishesTo) storage.topic(topic).allowPublish(fn.roleArn);
      if (accessOf(service).inspects?.includes("sns:Publish")) backup.topic.allowPublish(fn.roleArn);
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

/**
 * What becomes of events a service fails on. A run of the canary that fails or comes late is worth nothing: repeating it
 * would keep the next ones waiting for its one execution, and its silence has an alarm of its own (CAN-11).
 */
function failuresOf(service: ServiceKey, queue: DeadLetterQueue): FailureHandling {
  if (service === "canary") return { kind: "next-run", everySeconds: SERVICES.canary.trigger.everySeconds };
  return isAsynchronous(service) ? { kind: "dead-letter-queue", queue } : { kind: "caller-sees-it" };
}
