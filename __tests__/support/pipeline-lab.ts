import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
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
import { FIXED_VARIABLES, MODEL_VERSION } from "../../contract/environment-variables";
import { deadLetterQueueName, topicName } from "../../contract/messaging";
import { secretName } from "../../contract/secrets";
import { functionName, SERVICES, type ZipServiceKey } from "../../contract/services";
import { TABLES, type Table, type TableName, tableName } from "../../contract/tables";
import { VENDORS } from "../../contract/vendors";
import { type DeadLetter, invokeAsync } from "../../lab/runtime/async-invoke";
import { AwsGateway } from "../../lab/runtime/aws-gateway";
import { FunctionHost, type Invocation } from "../../lab/runtime/function-host";
import { Moto } from "../../lab/runtime/moto";
import { StubVendor } from "../../lab/runtime/stub-vendors";
import { XRayDaemon } from "../../lab/runtime/xray-daemon";
import { bundleFunctions, type ZipBundles } from "../../modules/function-bundle";
import { commandOf } from "./tools";

export const ROOT = resolve(__dirname, "..", "..");
export const ENVIRONMENT = "dev";

type Item = Record<string, unknown>;

/** The synthesized functions in front of moto, stub vendors and a fake X-Ray daemon, all on loopback. */
export class PipelineLab {
  readonly moto: Moto;
  readonly gateway: AwsGateway;
  readonly daemon: XRayDaemon;
  readonly tiingo: StubVendor;
  readonly finnhub: StubVendor;
  readonly #directory = mkdtempSync(join(tmpdir(), "tracewright-pipeline-"));
  readonly #bundles: ZipBundles;
  readonly #documents: DynamoDBDocumentClient;
  readonly #sqs: SQSClient;
  readonly #sns: SNSClient;
  readonly #secrets: SecretsManagerClient;
  #hosts: FunctionHost[] = [];
  #variables: Record<ZipServiceKey, Record<string, string>> = { ingestion: {}, analysis: {}, metrics: {} };
  #topicArn = "";
  #queueUrl = "";
  #deadLetterUrl = "";

  private constructor(
    moto: Moto,
    gateway: AwsGateway,
    daemon: XRayDaemon,
    vendors: [StubVendor, StubVendor],
  ) {
    this.moto = moto;
    this.gateway = gateway;
    this.daemon = daemon;
    [this.tiingo, this.finnhub] = vendors;
    this.#bundles = bundleFunctions(ROOT, this.#directory);
    const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
    const direct = { endpoint: moto.url, region: "us-east-1", credentials };
    this.#documents = DynamoDBDocumentClient.from(new DynamoDBClient(direct));
    this.#sqs = new SQSClient(direct);
    this.#sns = new SNSClient(direct);
    this.#secrets = new SecretsManagerClient(direct);
  }

  static async start(): Promise<PipelineLab> {
    const moto = await Moto.start(commandOf("moto"));
    const gateway = await AwsGateway.start(moto.url);
    const vendors: [StubVendor, StubVendor] = [await StubVendor.start(), await StubVendor.start()];
    return new PipelineLab(moto, gateway, await XRayDaemon.start(), vendors);
  }

  /** Fresh resources, no faults, silent vendors, cold functions. */
  async reset(): Promise<void> {
    await this.#stopHosts();
    await this.moto.reset();
    for (const name of Object.keys(TABLES) as TableName[]) await this.#createTable(name, TABLES[name]);
    const { TopicArn = "" } = await this.#sns.send(
      new CreateTopicCommand({ Name: topicName(ENVIRONMENT, "analysis-requests") }),
    );
    this.#topicArn = TopicArn;
    this.#queueUrl = await this.#createQueue("published");
    this.#deadLetterUrl = await this.#createQueue(deadLetterQueueName(ENVIRONMENT));
    const Endpoint = "arn:aws:sqs:us-east-1:123456789012:published";
    await this.#sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
    this.#variables = await this.#variablesOf();
    this.tiingo.script({ kind: "articles", articles: [] });
    this.finnhub.script({ kind: "articles", articles: [] });
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
      variables: { ...this.#variables[service], ...change },
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
  ): Promise<{ readonly attempts: readonly Invocation[]; readonly deadLetter?: DeadLetter }> {
    const outcome = await invokeAsync(await this.function(service), event);
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

  /** What was published since the last call, as the SNS events Lambda would be invoked with. */
  async published(): Promise<{ Records: { EventSource: string; Sns: Item }[] }[]> {
    const bodies = await this.#receive(this.#queueUrl);
    return bodies.map((body) => ({ Records: [{ EventSource: "aws:sns", Sns: JSON.parse(body) as Item }] }));
  }

  /** Bodies on the dead-letter queue. */
  async deadLetters(): Promise<string[]> {
    return this.#receive(this.#deadLetterUrl);
  }

  async stop(): Promise<void> {
    await this.#stopHosts();
    await Promise.all([this.gateway.stop(), this.daemon.stop(), this.tiingo.stop(), this.finnhub.stop()]);
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

  async #createTable(name: TableName, table: Table): Promise<void> {
    const keys = [table.key, ...Object.values(table.indexes)];
    const attributes = [...new Set(keys.flatMap(({ partition, sort }) => [partition, sort]))];
    const schema = ({ partition, sort }: Table["key"]) => [
      { AttributeName: partition, KeyType: "HASH" as const },
      { AttributeName: sort, KeyType: "RANGE" as const },
    ];
    const indexes = Object.entries(table.indexes).map(([IndexName, key]) => ({
      IndexName,
      KeySchema: schema(key),
      Projection: { ProjectionType: "ALL" as const },
    }));
    await this.#documents.send(
      new CreateTableCommand({
        TableName: tableName(ENVIRONMENT, name),
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        KeySchema: schema(table.key),
        ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
      }),
    );
  }

  async #variablesOf(): Promise<Record<ZipServiceKey, Record<string, string>>> {
    const [tiingo = "", finnhub = ""] = await Promise.all(
      VENDORS.map(async (vendor) => {
        const SecretString = JSON.stringify({ api_key: `key-of-${vendor}` });
        const Name = secretName(ENVIRONMENT, vendor);
        return (await this.#secrets.send(new CreateSecretCommand({ Name, SecretString }))).ARN ?? "";
      }),
    );
    const common = (service: ZipServiceKey) => ({
      ...FIXED_VARIABLES,
      ENVIRONMENT,
      POWERTOOLS_SERVICE_NAME: SERVICES[service].serviceName,
      DEPLOYMENT_VERSION: "test",
      DATABASE_TABLE: tableName(ENVIRONMENT, "items"),
    });
    return {
      ingestion: {
        ...common("ingestion"),
        USERS_TABLE: tableName(ENVIRONMENT, "users"),
        SNS_TOPIC_ARN: this.#topicArn,
        TIINGO_SECRET_ARN: tiingo,
        FINNHUB_SECRET_ARN: finnhub,
        TIINGO_BASE_URL: this.tiingo.url,
        FINNHUB_BASE_URL: this.finnhub.url,
        MODEL_VERSION,
      },
      analysis: {
        ...common("analysis"),
        TIMESERIES_TABLE: tableName(ENVIRONMENT, "timeseries"),
        MODEL_VERSION,
      },
      metrics: common("metrics"),
    };
  }
}
