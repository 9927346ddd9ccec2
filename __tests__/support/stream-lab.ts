import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { FIXED_VARIABLES } from "../../contract/environment-variables";
import { secretName } from "../../contract/secrets";
import { functionName, SERVICES } from "../../contract/services";
import { STREAM } from "../../contract/streaming";
import { type TableName, tableName } from "../../contract/tables";
import { AwsGateway } from "../../lab/runtime/aws-gateway";
import { createTables } from "../../lab/runtime/contract-tables";
import { Moto } from "../../lab/runtime/moto";
import { OtlpReceiver } from "../../lab/runtime/otlp-receiver";
import { RuntimeClient, type RuntimeClientOptions } from "../../lab/runtime/runtime-client";
import { StreamHost } from "../../lab/runtime/stream-host";
import { ENVIRONMENT } from "./pipeline-lab";
import { streamCode } from "./stream-code";
import { AUDIENCE, SIGNING_KEY } from "./stream-seeds";
import { Traffic } from "./stream-traffic";
import { commandOf } from "./tools";

type Item = Record<string, unknown>;

const OWN_TABLES = ["items", "users", "timeseries", "leases"] as const satisfies readonly TableName[];

/** The streaming function under AWS's runtime clients, in front of moto and a collector, all on loopback. */
export class StreamLab {
  readonly moto: Moto;
  readonly gateway: AwsGateway;
  readonly collector: OtlpReceiver;
  readonly #dynamodb: DynamoDBClient;
  readonly #documents: DynamoDBDocumentClient;
  readonly #secrets: SecretsManagerClient;
  #secretArn = "";
  #clients: { stop(): Promise<void> }[] = [];
  #traffic: Traffic[] = [];

  private constructor(moto: Moto, gateway: AwsGateway, collector: OtlpReceiver) {
    this.moto = moto;
    this.gateway = gateway;
    this.collector = collector;
    const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
    const direct = { endpoint: moto.url, region: "us-east-1", credentials };
    this.#dynamodb = new DynamoDBClient(direct);
    this.#documents = DynamoDBDocumentClient.from(this.#dynamodb);
    this.#secrets = new SecretsManagerClient(direct);
  }

  /** Starts with fresh tables and the signing key. */
  static async start(): Promise<StreamLab> {
    const moto = await Moto.start(commandOf("moto"));
    const lab = new StreamLab(moto, await AwsGateway.start(moto.url), await OtlpReceiver.start());
    await lab.reset();
    return lab;
  }

  /** Ends every process; fresh tables, no faults, a healthy collector that has seen nothing. */
  async reset(): Promise<void> {
    await this.#quiet();
    await this.moto.reset();
    await createTables(this.#dynamodb, ENVIRONMENT, OWN_TABLES);
    const { ARN = "" } = await this.#secrets.send(
      new CreateSecretCommand({
        Name: secretName(ENVIRONMENT, "access-tokens"),
        SecretString: JSON.stringify({ signing_key: SIGNING_KEY }),
      }),
    );
    this.#secretArn = ARN;
    this.gateway.reset();
    await this.collector.reset();
  }

  /** What the construct sets, with the given changes; polls are a second apart. */
  variables(change: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
    return {
      ...FIXED_VARIABLES,
      ENVIRONMENT,
      POWERTOOLS_SERVICE_NAME: SERVICES.sse.serviceName,
      DEPLOYMENT_VERSION: "test",
      DATABASE_TABLE: tableName(ENVIRONMENT, "items"),
      USERS_TABLE: tableName(ENVIRONMENT, "users"),
      TIMESERIES_TABLE: tableName(ENVIRONMENT, "timeseries"),
      LEASES_TABLE: tableName(ENVIRONMENT, "leases"),
      TOKEN_SECRET_ARN: this.#secretArn,
      TOKEN_AUDIENCE: AUDIENCE,
      SSE_POLL_INTERVAL: "1",
      SSE_HEARTBEAT_INTERVAL: String(STREAM.heartbeatIntervalSeconds),
      SSE_MAX_CONNECTIONS: "100",
      SSE_MAX_STREAM_MS: String(STREAM.maxStreamMs),
      SSE_RETRY_MS: String(STREAM.retryMs),
      OTEL_SERVICE_NAME: SERVICES.sse.serviceName,
      OTEL_EXPORTER_OTLP_ENDPOINT: this.collector.url,
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "2000",
      OTEL_SDK_DISABLED: "false",
      AWS_ENDPOINT_URL: this.gateway.url,
      ...change,
    };
  }

  /** Starts a process that serves any number of streams at once; ended by the next {@link reset}. */
  async host(change: Readonly<Record<string, string>> = {}): Promise<StreamHost> {
    const host = await StreamHost.start({
      code: streamCode(),
      functionName: functionName(ENVIRONMENT, "sse"),
      memoryMb: SERVICES.sse.memoryMb,
      variables: this.variables(change),
    });
    this.#clients.push(host);
    return host;
  }

  /** Starts a process of the function under AWS's client; ended by the next {@link reset}. */
  async client(options: Partial<RuntimeClientOptions> = {}): Promise<RuntimeClient> {
    const client = await RuntimeClient.start({
      version: "3",
      code: streamCode(),
      functionName: functionName(ENVIRONMENT, "sse"),
      timeoutSeconds: 60,
      memoryMb: SERVICES.sse.memoryMb,
      ...options,
      variables: this.variables(options.variables),
    });
    this.#clients.push(client);
    return client;
  }

  async put(table: TableName, ...items: readonly Item[]): Promise<void> {
    for (const item of items) {
      await this.#documents.send(new PutCommand({ TableName: tableName(ENVIRONMENT, table), Item: item }));
    }
  }

  async scan(table: TableName): Promise<readonly Item[]> {
    const { Items = [] } = await this.#documents.send(
      new ScanCommand({ TableName: tableName(ENVIRONMENT, table) }),
    );
    return Items;
  }

  /** Lets articles on some tickers come until the next {@link reset}; waits until streams can have the first. */
  async traffic(everyMs: number, tickers: readonly string[]): Promise<void> {
    this.#traffic.push(new Traffic((article) => this.put("items", article), everyMs, tickers));
    await sleep(STREAM.settleMs + 1500);
  }

  /** Ends every process. */
  async stopClients(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.stop()));
    this.#clients = [];
  }

  async #quiet(): Promise<void> {
    await this.stopClients();
    await Promise.all(this.#traffic.map((traffic) => traffic.stop()));
    this.#traffic = [];
  }

  async stop(): Promise<void> {
    await this.#quiet();
    await Promise.all([this.gateway.stop(), this.collector.stop()]);
    this.#dynamodb.destroy();
    this.#secrets.destroy();
    await this.moto.stop();
  }
}
