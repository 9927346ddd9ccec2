import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { secretField, secretName } from "../../contract/secrets";
import { functionName, SERVICES } from "../../contract/services";
import { TABLES, type TableName, tableName } from "../../contract/tables";
import { createTables } from "../runtime/contract-tables";
import { FunctionHost } from "../runtime/function-host";
import { Moto } from "../runtime/moto";
import { OtlpReceiver } from "../runtime/otlp-receiver";
import { RestGateway } from "../runtime/rest-gateway";
import { StreamGateway } from "../runtime/stream-gateway";
import { StreamHost } from "../runtime/stream-host";
import { XRayDaemon } from "../runtime/xray-daemon";
import { faultsOf } from "./faults";
import { dashboardVariables, LAB_ENVIRONMENT, type LabMonitor, streamVariables } from "./local-variables";
import { type AnalyzedItem, analyzedItem, News, TICKERS } from "./news";
import { LAB_PATH, type PageFile, PageServer } from "./page-server";
import { traceText } from "./trace-text";

/** What the page is built with. */
export interface PageAddresses {
  readonly apiUrl: string;
  readonly streamUrl: string;
  readonly labUrl: string;
}

/** Options of {@link LocalApp.start}. */
export interface LocalAppOptions {
  /** Command of a Python that has moto. */
  readonly python: string;
  /** Zip of the dashboard function. */
  readonly dashboardZip: string;
  /** The streaming function as one ES module. */
  readonly streamCode: string;
  /** Builds the page. */
  readonly page: (addresses: PageAddresses) => ReadonlyMap<string, PageFile>;
  /** Port of the page; a free one for 0. */
  readonly port: number;
  /** Milliseconds between two articles. */
  readonly newsEveryMs: number;
  readonly monitor?: LabMonitor;
  /** Told of each step. */
  readonly progress?: (step: string) => void;
}

interface Part {
  stop(): Promise<void>;
}

const CREDENTIALS = { accessKeyId: "lab", secretAccessKey: "lab" };

/** The page, the API and the stream over moto, with news that keep coming; all on loopback. */
export class LocalApp {
  readonly #parts: Part[] = [];
  readonly #tables: DynamoDBDocumentClient;
  readonly daemon: XRayDaemon;
  readonly collector: OtlpReceiver;
  #api: RestGateway | undefined;
  #stream: StreamGateway | undefined;
  #origin = "";

  private constructor(tables: DynamoDBDocumentClient, daemon: XRayDaemon, collector: OtlpReceiver) {
    this.#tables = tables;
    this.daemon = daemon;
    this.collector = collector;
  }

  /**
   * Starts everything.
   *
   * @throws Error with the reason when a part does not start; what had started is stopped
   */
  static async start(options: LocalAppOptions): Promise<LocalApp> {
    const { progress = () => undefined } = options;
    progress("starting moto in place of AWS");
    const moto = await Moto.start(options.python);
    const dynamodb = new DynamoDBClient({
      endpoint: moto.url,
      region: "us-east-1",
      credentials: CREDENTIALS,
    });
    const app = new LocalApp(
      DynamoDBDocumentClient.from(dynamodb),
      await XRayDaemon.start(),
      await OtlpReceiver.start(),
    );
    app.#parts.push(moto, { stop: async () => dynamodb.destroy() }, app.daemon, app.collector);
    try {
      progress("creating tables and a signing key");
      await createTables(dynamodb, LAB_ENVIRONMENT, Object.keys(TABLES) as TableName[]);
      await app.#furnish(options, moto.url, await secretIn(moto.url), progress);
      return app;
    } catch (error) {
      await app.stop();
      throw error;
    }
  }

  /** Where the page is. */
  get origin(): string {
    return this.#origin;
  }

  /** The gateway in front of the API. @throws Error before it has started */
  get api(): RestGateway {
    if (this.#api === undefined) throw new Error("the API has not started");
    return this.#api;
  }

  /** The gateway in front of the stream. @throws Error before it has started */
  get stream(): StreamGateway {
    if (this.#stream === undefined) throw new Error("the stream has not started");
    return this.#stream;
  }

  /** Ends every part, the last one first. */
  async stop(): Promise<void> {
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) await part.stop();
  }

  async #furnish(
    options: LocalAppOptions,
    awsUrl: string,
    secretArn: string,
    progress: (step: string) => void,
  ): Promise<void> {
    const server = this.#keep(await PageServer.start(options.port));
    this.#origin = server.origin;
    progress("starting the streaming function");
    const streamHost = this.#keep(
      await StreamHost.start({
        code: options.streamCode,
        functionName: functionName(LAB_ENVIRONMENT, "sse"),
        memoryMb: SERVICES.sse.memoryMb,
        variables: streamVariables({ secretArn, collectorUrl: this.collector.url, awsUrl }),
      }),
    );
    this.#stream = this.#keep(await StreamGateway.start(streamHost, [server.origin]));
    progress("starting the dashboard function");
    const dashboard = this.#keep(
      await FunctionHost.start({
        zipPath: options.dashboardZip,
        functionName: functionName(LAB_ENVIRONMENT, "dashboard"),
        timeoutSeconds: SERVICES.dashboard.timeoutSeconds,
        memoryMb: SERVICES.dashboard.memoryMb,
        variables: dashboardVariables({
          secretArn,
          streamUrl: this.#stream.url,
          origin: server.origin,
          monitor: options.monitor ?? { sampleRate: 0 },
        }),
        xrayDaemon: this.daemon.address,
        awsEndpoint: awsUrl,
      }),
    );
    this.#api = this.#keep(await RestGateway.start(dashboard));
    progress("writing news");
    const write = (item: AnalyzedItem) => this.#write(item);
    for (const [index, ticker] of TICKERS.entries())
      await write(analyzedItem(ticker, ((index % 3) - 1) * 0.5));
    this.#keep(new News(write, options.newsEveryMs));
    const addresses = { apiUrl: this.#api.url, streamUrl: this.#stream.url, labUrl: LAB_PATH };
    server.serve(options.page(addresses), {
      faults: faultsOf(this.#api, this.#stream),
      trace: async (id) => traceText(id, await this.daemon.settled(), this.collector.spans),
    });
  }

  #keep<P extends Part>(part: P): P {
    this.#parts.push(part);
    return part;
  }

  async #write(item: AnalyzedItem): Promise<void> {
    await this.#tables.send(new PutCommand({ TableName: tableName(LAB_ENVIRONMENT, "items"), Item: item }));
  }
}

/** Makes the key access tokens are signed with, and gives its ARN. */
async function secretIn(endpoint: string): Promise<string> {
  const client = new SecretsManagerClient({ endpoint, region: "us-east-1", credentials: CREDENTIALS });
  const SecretString = JSON.stringify({
    [secretField("access-tokens")]: randomBytes(32).toString("base64url"),
  });
  const Name = secretName(LAB_ENVIRONMENT, "access-tokens");
  const { ARN = "" } = await client.send(new CreateSecretCommand({ Name, SecretString }));
  client.destroy();
  return ARN;
}
