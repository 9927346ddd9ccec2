import type { FunctionHost } from "../../lab/runtime/function-host";
import { type GatewayRecord, RestGateway } from "../../lab/runtime/rest-gateway";
import type { SegmentDocument } from "../../lab/runtime/xray-daemon";
import { jsonLines, onlySegment } from "./observed";
import { PipelineLab } from "./pipeline-lab";
import { describeWith } from "./tools";

/** What to send besides method and path. */
export interface Sent {
  readonly token?: string;
  /** Becomes JSON unless it is text or bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another way in than the lab's own, as {@link ApiLab.another} gives. */
  readonly via?: RestGateway;
}

/** What came back. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, when it is JSON. */
  readonly json: Record<string, unknown>;
}

/** The bundled dashboard function behind a gateway, over moto; all on loopback. */
export class ApiLab {
  readonly pipeline: PipelineLab;
  readonly gateway: RestGateway;
  readonly host: FunctionHost;
  readonly #others: RestGateway[] = [];

  private constructor(pipeline: PipelineLab, gateway: RestGateway, host: FunctionHost) {
    this.pipeline = pipeline;
    this.gateway = gateway;
    this.host = host;
  }

  /** @param change environment variables of the function besides the lab's */
  static async start(change: Readonly<Record<string, string>> = {}): Promise<ApiLab> {
    const pipeline = await PipelineLab.start();
    await pipeline.reset();
    const host = await pipeline.function("dashboard", change);
    return new ApiLab(pipeline, await RestGateway.start(host), host);
  }

  /** A gateway in front of another execution environment of the function. */
  async another(): Promise<RestGateway> {
    const gateway = await RestGateway.start(await this.pipeline.function("dashboard"));
    this.#others.push(gateway);
    return gateway;
  }

  /** Forgets faults, calls, documents and records; tables and the warm function stay. */
  clear(): void {
    this.pipeline.gateway.reset();
    this.pipeline.daemon.clear();
    this.gateway.reset();
  }

  /** One HTTP request. */
  async send(
    method: string,
    path: string,
    { token, body, headers = {}, via = this.gateway }: Sent = {},
  ): Promise<Received> {
    const raw = body === undefined || typeof body === "string" || body instanceof Uint8Array;
    const response = await fetch(`${via.url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: raw ? ((body as string | undefined) ?? null) : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, headers: response.headers, text, json };
  }

  /** A new anonymous user's token. */
  async session(): Promise<string> {
    return String((await this.send("POST", "/api/v2/auth/anonymous")).json["token"]);
  }

  /** The last request through the gateway. */
  get last(): GatewayRecord {
    const record = this.gateway.records.at(-1);
    if (record === undefined) throw new Error("no request went through the gateway");
    return record;
  }

  /** The log line of the last request. */
  get line(): Readonly<Record<string, unknown>> {
    const lines = jsonLines(this.last.invocation?.lines ?? []).filter(({ message }) => message === "request");
    const [line] = lines;
    if (line === undefined || lines.length > 1) throw new Error(`${lines.length} log lines of a request`);
    return line;
  }

  /** The subsegment of the only request since {@link clear}. */
  async routeSegment(): Promise<SegmentDocument> {
    return onlySegment(await this.pipeline.daemon.settled(), "handle_route");
  }

  async stop(): Promise<void> {
    await Promise.all([this.gateway, ...this.#others].map((gateway) => gateway.stop()));
    await this.pipeline.stop();
  }
}

/** Declares a suite that shares one lab, cleared before every test. */
export function describeApi(title: string, suite: (lab: () => ApiLab) => void): void {
  describeWith(["moto"], title, () => {
    let lab: ApiLab;

    beforeAll(async () => {
      lab = await ApiLab.start();
    });

    beforeEach(() => lab.clear());

    afterAll(async () => {
      await lab?.stop();
    });

    suite(() => lab);
  });
}
