import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { canaryAlertTopicName, canaryStateParameter } from "../../contract/canary";
import { FIXED_VARIABLES } from "../../contract/environment-variables";
import { SERVICES } from "../../contract/services";
import { canaryClients } from "../../functions/canary/clients";
import { runDriftCheck } from "../../functions/canary/drift-run";
import { GuardedTracer, type StartTracing, type Tracing } from "../../functions/canary/guarded-tracer";
import { Invocations } from "../../functions/canary/invocations";
import { backupOf } from "../../functions/canary/owner";
import type { CanaryParts, CanaryReport } from "../../functions/canary/parts";
import { runCanary } from "../../functions/canary/run";
import { StateStore } from "../../functions/canary/state";
import { loadConfig } from "../../functions/runtime/config";
import { Logger } from "../../functions/runtime/logger";
import { type AwsCall, AwsGateway } from "../../lab/runtime/aws-gateway";
import { Moto } from "../../lab/runtime/moto";
import { XRayService } from "../../lab/runtime/xray-service";
import { CanaryWorld } from "./canary-world";
import { CapturedLog } from "./captured-log";
import { Inspected } from "./inspected";
import { commandOf } from "./tools";

export const ENVIRONMENT = "dev";
export const HOME_REGION = "us-east-1";
export const BACKUP_REGION = "eu-central-1";

const CREDENTIALS = { accessKeyId: "lab", secretAccessKey: "lab" };
const STATE = canaryStateParameter(ENVIRONMENT);
/** Milliseconds between two runs. */
const EVERY_MS = SERVICES.canary.trigger.everySeconds * 1000;

/** What one run did. */
export interface Ran {
  readonly report: CanaryReport;
  readonly calls: readonly AwsCall[];
  /** Texts of the alerts that arrived in the backup region. */
  readonly alerts: readonly string[];
}

/** What one invocation did; it has no report when it broke. */
export interface Invocation extends Omit<Ran, "report"> {
  readonly report: CanaryReport | undefined;
}

/** A tracer that records nothing: these runs are no invocations, so there is nothing to hang a subsegment on. */
export const SILENT_TRACING: Tracing = {
  annotate: () => undefined,
  annotateInvocation: () => undefined,
  captureClient: (client) => client,
  traced: async (_name, work) => work(),
  traceId: () => undefined,
};

/**
 * The canary over moto, an X-Ray that can misbehave, and an API and a stream whose traces can lack parts. Waiting costs
 * nothing: the clock is the lab's.
 */
export class CanaryLab {
  readonly gateway: AwsGateway;
  readonly xray = new XRayService(() => this.now);
  readonly inspected = new Inspected();
  /** Lambda's end of a run, milliseconds after its start. */
  timeoutMs = SERVICES.canary.timeoutSeconds * 1000;
  /** Milliseconds since 1970. */
  now = Date.now();
  /** Log lines since the last {@link reset}. */
  readonly log = new CapturedLog();
  readonly #moto: Moto;
  readonly #ssm: SSMClient;
  readonly #sqs: SQSClient;
  #world: CanaryWorld | undefined;
  #parts: CanaryParts | undefined;
  #invocations: Invocations | undefined;
  #queueUrl = "";
  #topicArn = "";

  private constructor(moto: Moto, gateway: AwsGateway) {
    this.#moto = moto;
    this.gateway = gateway;
    const direct = { endpoint: moto.url, credentials: CREDENTIALS };
    this.#ssm = new SSMClient({ ...direct, region: HOME_REGION });
    this.#sqs = new SQSClient({ ...direct, region: BACKUP_REGION });
  }

  static async start(): Promise<CanaryLab> {
    const moto = await Moto.start(commandOf("moto"));
    const lab = new CanaryLab(moto, await AwsGateway.start(moto.url));
    lab.#world = await CanaryWorld.start(lab.xray, () => lab.now);
    await lab.#createTopic();
    return lab;
  }

  /** API and stream. */
  get world(): CanaryWorld {
    if (this.#world === undefined) throw new Error("the lab has not started");
    return this.#world;
  }

  /** A healthy world, a cold function with the state Terraform makes, and a day later, so that no metric of before is in the way. */
  async reset(): Promise<void> {
    this.gateway.reset();
    this.gateway.answerWith((call) => this.xray.answers(call) ?? this.inspected.answers(call));
    this.xray.reset();
    this.world.reset();
    this.inspected.reset();
    this.timeoutMs = SERVICES.canary.timeoutSeconds * 1000;
    this.now += 86_400_000;
    this.cool();
    await this.putState("{}");
    await this.#received();
    this.log.begin();
  }

  /** Replaces the execution environment: what a warm one remembers is gone. */
  cool(start: StartTracing = async () => SILENT_TRACING): void {
    const variables = {
      ...FIXED_VARIABLES,
      ENVIRONMENT,
      POWERTOOLS_SERVICE_NAME: SERVICES.canary.serviceName,
      DEPLOYMENT_VERSION: "test",
      API_URL: this.world.apiUrl,
      STREAM_URL: this.world.streamUrl,
      ALERT_TOPIC_ARN: this.#topicArn,
      STATE_PARAMETER: STATE,
    };
    const config = loadConfig("canary", variables);
    const endpoint = this.gateway.url;
    const clients = canaryClients(BACKUP_REGION, { endpoint, region: HOME_REGION, credentials: CREDENTIALS });
    const parts: CanaryParts = {
      config,
      region: HOME_REGION,
      backup: backupOf(this.#topicArn),
      clients,
      tracer: new GuardedTracer([], start),
      state: new StateStore(clients.ssm, STATE),
      clock: {
        now: () => this.now,
        sleep: async (ms) => {
          this.now += ms;
        },
      },
      logger: new Logger(config, () => undefined),
    };
    this.#parts = parts;
    this.#invocations = new Invocations(parts);
  }

  /** One scheduled run. @param everyMs milliseconds after its beginning at which the next one begins */
  async run(everyMs = EVERY_MS): Promise<Ran> {
    const startedAt = this.now;
    const ran = await this.#observe(async (parts) => {
      const traced = await parts.tracer.start(parts.logger);
      return runCanary(parts, traced, () => startedAt + this.timeoutMs - this.now);
    });
    this.now = startedAt + everyMs;
    return ran;
  }

  /** One invocation as the handler takes it. @param remainingMs what Lambda says is left; it may throw */
  async invoke(remainingMs: () => number): Promise<Invocation> {
    const ran = await this.#observe(async () => {
      const invoked = { awsRequestId: "an-invocation", getRemainingTimeInMillis: remainingMs };
      return this.#invocations?.run({ source: "aws.events" }, invoked);
    });
    this.now += EVERY_MS;
    return ran;
  }

  /** One run for an event of IAM. */
  async runForEvent(): Promise<Ran> {
    return this.#observe((parts) => runDriftCheck(parts, true));
  }

  /** The state as SSM has it. */
  async state(): Promise<string> {
    const { Parameter } = await this.#ssm.send(new GetParameterCommand({ Name: STATE }));
    return Parameter?.Value ?? "";
  }

  /** Puts something in the state's place. */
  async putState(Value: string): Promise<void> {
    await this.#ssm.send(new PutParameterCommand({ Name: STATE, Value, Type: "String", Overwrite: true }));
  }

  /** Takes the parameter away, as a Terraform that destroys it would. */
  async deleteState(): Promise<void> {
    await this.#ssm.send(new DeleteParameterCommand({ Name: STATE }));
  }

  async stop(): Promise<void> {
    this.log.end();
    await this.#world?.stop();
    await this.gateway.stop();
    this.#ssm.destroy();
    this.#sqs.destroy();
    await this.#moto.stop();
  }

  async #observe<R>(work: (parts: CanaryParts) => Promise<R>): Promise<Omit<Ran, "report"> & { report: R }> {
    if (this.#parts === undefined) throw new Error("the lab was not reset");
    const before = this.gateway.calls.length;
    const report = await work(this.#parts);
    return { report, calls: this.gateway.calls.slice(before), alerts: await this.#received() };
  }

  async #received(): Promise<readonly string[]> {
    const QueueUrl = this.#queueUrl;
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    for (const { ReceiptHandle } of Messages) {
      await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return Messages.map(({ Body = "" }) => {
      const { Subject, Message } = JSON.parse(Body) as { readonly Subject: string; readonly Message: string };
      return `${Subject}\n${Message}`;
    });
  }

  async #createTopic(): Promise<void> {
    const sns = new SNSClient({ endpoint: this.#moto.url, credentials: CREDENTIALS, region: BACKUP_REGION });
    const Name = canaryAlertTopicName(ENVIRONMENT);
    this.#topicArn = (await sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? "";
    this.#queueUrl = (await this.#sqs.send(new CreateQueueCommand({ QueueName: Name }))).QueueUrl ?? "";
    const Endpoint = `arn:aws:sqs:${BACKUP_REGION}:123456789012:${Name}`;
    await sns.send(new SubscribeCommand({ TopicArn: this.#topicArn, Protocol: "sqs", Endpoint }));
    sns.destroy();
  }
}
