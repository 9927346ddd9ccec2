import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { deadLetterQueueName, type TopicName, topicName } from "../../contract/messaging";
import { type SecretKey, secretField, secretName } from "../../contract/secrets";
import { functionName, SERVICES, type ZipServiceKey } from "../../contract/services";
import { TABLES, type TableName, tableName } from "../../contract/tables";
import { type DeadLetter, invokeAsync } from "../../lab/runtime/async-invoke";
import { AwsGateway } from "../../lab/runtime/aws-gateway";
import { createTables } from "../../lab/runtime/contract-tables";
import { FunctionHost, type Invocation, type InvokeOptions } from "../../lab/runtime/function-host";
import { Moto } from "../../lab/runtime/moto";
import { StubMail } from "../../lab/runtime/stub-mail";
import { StubVendor } from "../../lab/runtime/stub-vendors";
import { XRayDaemon } from "../../lab/runtime/xray-daemon";
import { bundleFunctions, type ZipBundles } from "../../modules/function-bundle";
import { ENVIRONMENT, type PipelineVariables, pipelineVariables, SIGNING_KEY } from "./pipeline-variables";
import { commandOf } from "./tools";

export { ENVIRONMENT } from "./pipeline-variables";
export const ROOT = resolve(__dirname, "..", "..");

type Item = Record<string, unknown>;

/** The synthesized functions in front of moto, stub vendors, a stub mail provider and a fake X-Ray daemon, on loopback. */
export class PipelineLab {
  readonly moto: Moto;
  readonly gateway: AwsGateway;
  readonly daemon: XRayDaemon;
  readonly tiingo: StubVendor;
  readonly finnhub: StubVendor;
  readonly mail: StubMail;
  readonly #directory = mkdtempSync(join(tmpdir(), "tracewright-pipeline-"));
  readonly #bundles: ZipBundles;
  readonly #dynamo: DynamoDBClient;
  readonly #documents: DynamoDBDocumentClient;
  readonly #sqs: SQSClient;
  readonly #sns: SNSClient;
  readonly #secrets: SecretsManagerClient;
  #hosts: FunctionHost[] = [];
  #variables: PipelineVariables | undefined;
  #queues: Readonly<Record<"analysis-requests" | "notifications", string>> | undefined;
  #deadLetterUrl = "";

  private constructor(
    moto: Moto,
    gateway: AwsGateway,
    daemon: XRayDaemon,
    vendors: [StubVendor, StubVendor],
    mail: StubMail,
  ) {
    this.moto = moto;
    this.gateway = gateway;
    this.daemon = daemon;
    [this.tiingo, this.finnhub] = vendors;
    this.mail = mail;
    this.#bundles = bundleFunctions(ROOT, this.#directory);
    const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
    const direct = { endpoint: moto.url, region: "us-east-1", credentials };
    this.#dynamo = new DynamoDBClient(direct);
    this.#documents = DynamoDBDocumentClient.from(this.#dynamo);
    this.#sqs = new SQSClient(direct);
    this.#sns = new SNSClient(direct);
    this.#secrets = new SecretsManagerClient(direct);
  }

  static async start(): Promise<PipelineLab> {
    const moto = await Moto.start(commandOf("moto"));
    const gateway = await AwsGateway.start(moto.url);
    const vendors: [StubVendor, StubVendor] = [await StubVendor.start(), await StubVendor.start()];
    return new PipelineLab(moto, gateway, await XRayDaemon.start(), vendors, await StubMail.start());
  }

  /** Fresh resources, no faults, silent vendors, cold functions. */
  async reset(): Promise<void> {
    await this.#stopHosts();
    await this.moto.reset();
    await this.#createResources();
    this.tiingo.script({ kind: "articles", articles: [] });
    this.finnhub.script({ kind: "articles", articles: [] });
    this.mail.script({ kind: "accepted" });
    this.gateway.reset();
    this.daemon.clear();
  }

  /** Starts a cold process of a function, of its own bundle unless told; stopped by the next {@link reset}. */
  async function(
    service: ZipServiceKey,
    change: Readonly<Record<string, string>> = {},
    without: readonly string[] = [],
    zipPath = this.#bundles[service].zipPath,
  ): Promise<FunctionHost> {
    const { timeoutSeconds, memoryMb } = SERVICES[service];
    const host = await FunctionHost.start({
      zipPath,
      functionName: functionName(ENVIRONMENT, service),
      timeoutSeconds,
      memoryMb,
      variables: { ...this.#variables?.[service], ...change },
      xrayDaemon: this.daemon.address,
      awsEndpoint: this.gateway.url,
      without,
    });
    this.#hosts.push(host);
    return host;
  }

  /** One run of a cold function; throws when the invocation failed. */
  async run(service: ZipServiceKey, event: unknown = {}): Promise<Invocation> {
    const invocation = await (await this.function(service)).invoke(event);
    if (invocation.error !== undefined) throw new Error(JSON.stringify(invocation.error));
    return invocation;
  }

  /** Lambda's asynchronous invocation of a cold function; a dead letter really goes to the queue. */
  async runAsync(
    service: ZipServiceKey,
    event: unknown,
    options: InvokeOptions = {},
  ): Promise<{ readonly attempts: readonly Invocation[]; readonly deadLetter?: DeadLetter }> {
    const outcome = await invokeAsync(await this.function(service), event, options);
    if (outcome.deadLetter !== undefined) {
      const { body, attributes } = outcome.deadLetter;
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([key, StringValue]) => [key, { DataType: "String", StringValue }]),
      );
      await this.#sqs.send(
        new SendMessageCommand({ QueueUrl: this.#deadLetterUrl, MessageBody: body, MessageAttributes }),
      );
    }
    return outcome;
  }

  async put(table: TableName, item: Item): Promise<void> {
    await this.#documents.send(new PutCommand({ TableName: tableName(ENVIRONMENT, table), Item: item }));
  }

  async scan(table: TableName): Promise<Item[]> {
    const { Items = [] } = await this.#documents.send(
      new ScanCommand({ TableName: tableName(ENVIRONMENT, table) }),
    );
    return Items;
  }

  /** A user who watches these tickers. */
  async watch(...symbols: readonly string[]): Promise<void> {
    await this.put("users", {
      PK: "USER#1",
      SK: `CONFIG#${symbols.join("-")}`,
      entity_type: "CONFIGURATION",
      status: "active",
      tickers: symbols.map((symbol) => ({ symbol })),
    });
  }

  /** What was published to a topic since the last call, as the SNS events Lambda would be invoked with. */
  async published(
    topic: "analysis-requests" | "notifications" = "analysis-requests",
  ): Promise<{ Records: { EventSource: string; Sns: Item }[] }[]> {
    const bodies = await this.#receive(this.#queues?.[topic] ?? "");
    return bodies.map((body) => ({ Records: [{ EventSource: "aws:sns", Sns: JSON.parse(body) as Item }] }));
  }

  /** Bodies on the dead-letter queue. */
  async deadLetters(): Promise<string[]> {
    return this.#receive(this.#deadLetterUrl);
  }

  async stop(): Promise<void> {
    await this.#stopHosts();
    await Promise.all([this.gateway.stop(), this.daemon.stop()]);
    await Promise.all([this.tiingo.stop(), this.finnhub.stop(), this.mail.stop()]);
    for (const client of [this.#documents, this.#sqs, this.#sns, this.#secrets]) client.destroy();
    await this.moto.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #stopHosts(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.stop()));
    this.#hosts = [];
  }

  async #receive(QueueUrl: string): Promise<string[]> {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      );
      if (Messages.length === 0) return bodies;
      for (const { Body = "", ReceiptHandle } of Messages) {
        bodies.push(Body);
        await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  async #createQueue(QueueName: string): Promise<string> {
    const { QueueUrl = "" } = await this.#sqs.send(new CreateQueueCommand({ QueueName }));
    return QueueUrl;
  }

  async #secret(key: SecretKey, value: string): Promise<string> {
    const SecretString = JSON.stringify({ [secretField(key)]: value });
    const Name = secretName(ENVIRONMENT, key);
    return (await this.#secrets.send(new CreateSecretCommand({ Name, SecretString }))).ARN ?? "";
  }

  /** A topic whose messages end in a queue of the same name; the queue's URL comes back too. */
  async #createTopic(topic: TopicName): Promise<{ readonly arn: string; readonly queueUrl: string }> {
    const Name = topicName(ENVIRONMENT, topic);
    const { TopicArn = "" } = await this.#sns.send(new CreateTopicCommand({ Name }));
    const queueUrl = await this.#createQueue(Name);
    const Endpoint = `arn:aws:sqs:us-east-1:123456789012:${Name}`;
    await this.#sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
    return { arn: TopicArn, queueUrl };
  }

  async #createResources(): Promise<void> {
    await createTables(this.#dynamo, ENVIRONMENT, Object.keys(TABLES) as TableName[]);
    const requests = await this.#createTopic("analysis-requests");
    const notifications = await this.#createTopic("notifications");
    this.#queues = { "analysis-requests": requests.queueUrl, notifications: notifications.queueUrl };
    this.#deadLetterUrl = await this.#createQueue(deadLetterQueueName(ENVIRONMENT));
    this.#variables = pipelineVariables({
      requestsTopicArn: requests.arn,
      notificationsTopicArn: notifications.arn,
      tiingoUrl: this.tiingo.url,
      finnhubUrl: this.finnhub.url,
      mailUrl: this.mail.url,
      secretArns: {
        tiingo: await this.#secret("tiingo", "key-of-tiingo"),
        finnhub: await this.#secret("finnhub", "key-of-finnhub"),
        sendgrid: await this.#secret("sendgrid", "key-of-sendgrid"),
        "access-tokens": await this.#secret("access-tokens", SIGNING_KEY),
      },
    });
  }
}
