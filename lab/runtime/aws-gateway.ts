import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AwsCall, type AwsFault, answerFault, answerType, describeCall } from "./aws-call";
import { LoopbackServer } from "./loopback-server";

export type { AwsCall, AwsFault } from "./aws-call";

/** A call that is let through late. */
export interface AwsDelay {
  /** Milliseconds. */
  readonly delayMs: number;
}

/** Decides per call: a fault, a delay, no answer at all, or `undefined` to let it through. */
export type FaultPlan = (call: Omit<AwsCall, "status">) => AwsFault | AwsDelay | "hang" | undefined;

/** Decides per call: a whole body to answer with status 200, a refusal, or `undefined` to let it through. */
export type AnswerPlan = (call: Omit<AwsCall, "status">) => string | AwsFault | undefined;

/** Stands between the functions and the AWS emulator: records every call and injects faults into chosen ones. */
export class AwsGateway {
  readonly #server = new LoopbackServer((incoming, outgoing) => this.#handle(incoming, outgoing));
  readonly #target: URL;
  readonly #agent = new Agent({ keepAlive: false, maxSockets: 16 });
  #calls: AwsCall[] = [];
  #plan: FaultPlan = () => undefined;
  #answers: AnswerPlan = () => undefined;
  #updates: Promise<void> = Promise.resolve();

  private constructor(target: string) {
    this.#target = new URL(target);
  }

  /** Starts on a free port of loopback in front of the emulator at `target`. */
  static async start(target: string): Promise<AwsGateway> {
    const gateway = new AwsGateway(target);
    await gateway.#server.listen();
    return gateway;
  }

  /** Value for `AWS_ENDPOINT_URL`. */
  get url(): string {
    return this.#server.url;
  }

  /** Calls since the last {@link reset}, in order of arrival. */
  get calls(): readonly AwsCall[] {
    return this.#calls;
  }

  /** Replaces the fault plan. */
  failWhen(plan: FaultPlan): void {
    this.#plan = plan;
  }

  /** Replaces the answers given in the emulator's place, for what it cannot be brought to say. */
  answerWith(plan: AnswerPlan): void {
    this.#answers = plan;
  }

  /** Forgets calls, faults and answers. */
  reset(): void {
    this.#calls = [];
    this.#plan = () => undefined;
    this.#answers = () => undefined;
  }

  /** Closes the server and its connections. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const call = describeCall(incoming, body.toString("utf8"));
    const fault = this.#plan(call);
    if (fault === "hang") return;
    if (fault !== undefined && "delayMs" in fault) {
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    } else if (fault !== undefined) {
      this.#refuse(incoming, outgoing, call, fault);
      return;
    }
    const answer = this.#answers(call);
    if (typeof answer === "object") {
      this.#refuse(incoming, outgoing, call, answer);
      return;
    }
    if (answer !== undefined) {
      this.#calls.push({ ...call, status: 200 });
      outgoing.writeHead(200, { "content-type": answerType(incoming) }).end(answer);
      return;
    }
    const forward = () => this.#forward(incoming, outgoing, body, call);
    await (readsBeforeItWrites(call) ? this.#inTurn(forward) : forward());
  }

  #refuse(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    call: Omit<AwsCall, "status">,
    fault: AwsFault,
  ): void {
    this.#calls.push({ ...call, status: fault.status });
    answerFault(incoming, outgoing, call.service, fault);
  }

  /** DynamoDB reads an item and writes it in one moment; the emulator does not, so such calls go one at a time. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#updates.then(work);
    this.#updates = turn.catch(() => undefined);
    await turn;
  }

  async #forward(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    body: Buffer,
    call: Omit<AwsCall, "status">,
  ): Promise<void> {
    const { hostname, port } = this.#target;
    await new Promise<void>((resolve, reject) => {
      const upstream = request(
        {
          agent: this.#agent,
          hostname,
          port,
          method: incoming.method,
          path: incoming.url,
          headers: incoming.headers,
        },
        (answer) => {
          this.#calls.push({ ...call, status: answer.statusCode ?? 0 });
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          // Read whole, because a caller that has given up would keep a pipe from ever ending.
          answer.on("data", (chunk: Buffer) => outgoing.write(chunk));
          answer.once("end", () => {
            outgoing.end();
            resolve();
          });
        },
      );
      upstream.once("error", reject);
      upstream.end(body);
    });
  }
}

function readsBeforeItWrites({ operation, input }: Omit<AwsCall, "status">): boolean {
  return operation === "UpdateItem" || input["ConditionExpression"] !== undefined;
}
