import type { IncomingMessage } from "node:http";
import { ApiClient, type ApiClientOptions } from "../../browser/api-client";
import { ApiError } from "../../browser/api-error";
import type { Answer } from "../../lab/runtime/loopback-server";
import { httpStub } from "../support/http-stub";

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const JSON_TYPE = { "content-type": "application/json" };

/** An answer of JSON unless its headers say otherwise. */
export const answering =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = "{}"): Answer =>
  (_, response) =>
    void response.writeHead(status, { ...JSON_TYPE, ...headers }).end(body);

/** Breaks the connection. */
export const reset: Answer = (request) => void request.socket.destroy();

/** The error of a call. @throws Error when it succeeds */
export async function failure(call: Promise<unknown>): Promise<ApiError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("the call succeeded");
}

/** An API on loopback that answers by script: one answer after the other, the last one for ever. */
export class ScriptedApi {
  readonly #stub: Awaited<ReturnType<typeof httpStub>>;
  seen: SeenRequest[] = [];
  answers: Answer[] = [];

  private constructor(stub: Awaited<ReturnType<typeof httpStub>>) {
    this.#stub = stub;
  }

  static async start(): Promise<ScriptedApi> {
    const api: ScriptedApi = new ScriptedApi(
      await httpStub(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += String(chunk);
        api.seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        const answer = api.answers.length > 1 ? api.answers.shift() : api.answers[0];
        await (answer ?? answering(200, {}, '{"fine":true}'))(request, response);
      }),
    );
    return api;
  }

  /** Forgets requests and answers. */
  clear(): void {
    this.seen = [];
    this.answers = [];
  }

  /** A client of this API. */
  client(options: Partial<ApiClientOptions> = {}): ApiClient {
    return new ApiClient({ baseUrl: `http://${this.#stub.host}/v1/`, ...options });
  }

  stop(): Promise<void> {
    return this.#stub.stop();
  }
}
