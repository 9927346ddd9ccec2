import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsFault } from "./aws-call";
import { LoopbackServer } from "./loopback-server";

/** Operations the stand-in answers. */
export type LambdaOperation =
  | "GetFunctionConfiguration"
  | "UpdateFunctionConfiguration"
  | "PublishVersion"
  | "GetAlias"
  | "UpdateAlias"
  | "ListAliases";

/** A function or one of its versions, as Lambda tells of it. */
export interface ControlledFunction {
  variables: Record<string, string> | undefined;
  codeSha256: string;
  revision: string;
  /** Reads that still see the last change being applied. */
  settlesAfter: number;
  /** Why Lambda could not apply the last change. */
  failed?: string;
  /** Why the variables cannot be decrypted. */
  unreadable?: string;
}

/** An alias of the function. */
export interface ControlledAlias {
  version: string;
  revision: string;
  /** Share of calls by version. */
  weights: Record<string, number>;
}

const BYTES = 4096;
const PREFIX = "/2015-03-31/functions/";

function refused(status: number, code: string, message: string): AwsFault {
  return { status, code, message };
}

/**
 * Lambda's side of one function where moto falls short: revisions that must match, changes that take a while, and the
 * limit on variables, each as AWS documents it.
 */
export class LambdaControl {
  readonly #server = new LoopbackServer((incoming, outgoing) => this.#handle(incoming, outgoing));
  readonly latest: ControlledFunction;
  readonly versions = new Map<string, ControlledFunction>();
  readonly aliases = new Map<string, ControlledAlias>();
  /** Operations in order of arrival. */
  readonly operations: LambdaOperation[] = [];
  /** Called before an operation: changes the function behind its caller's back, or answers with a fault. */
  before: (operation: LambdaOperation) => AwsFault | undefined = () => undefined;
  /** Called once an operation has been carried out: true breaks the connection instead of answering. */
  silent: (operation: LambdaOperation) => boolean = () => false;
  /** Reads a change takes to be applied. */
  settlesAfter = 0;
  /** Reads a version takes until it can be called. */
  versionSettlesAfter = 0;
  /** Why a version cannot be run once it is prepared. */
  versionFails: string | undefined;

  private constructor(variables: Record<string, string> | undefined) {
    this.latest = { variables, codeSha256: "code-1", revision: randomUUID(), settlesAfter: 0 };
  }

  /** Starts on a free port of loopback with one function, whatever it is called. */
  static async start(variables?: Readonly<Record<string, string>>): Promise<LambdaControl> {
    const control = new LambdaControl(variables === undefined ? undefined : { ...variables });
    await control.#server.listen();
    return control;
  }

  /** Value for `AWS_ENDPOINT_URL`. */
  get url(): string {
    return this.#server.url;
  }

  /** Publishes `$LATEST` as it is and points an alias to it. @returns the version */
  release(alias: string): string {
    const version = this.#publish();
    this.aliases.set(alias, { version, revision: randomUUID(), weights: {} });
    return version;
  }

  /** Somebody changes the function's variables, for example in the console. */
  change(variables: Readonly<Record<string, string>>): void {
    this.latest.variables = { ...this.latest.variables, ...variables };
    this.latest.revision = randomUUID();
  }

  /** Somebody points an alias to a version. */
  point(alias: string, version: string): void {
    this.aliases.set(alias, { version, revision: randomUUID(), weights: {} });
  }

  /** Closes the server. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const url = new URL(incoming.url ?? "", "http://lambda");
    const [, part = "", name = ""] = url.pathname.slice(PREFIX.length).split("/");
    const operation = operationOf(incoming.method ?? "", part, name);
    const input = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}") as Record<string, unknown>;
    this.operations.push(operation);
    const answer =
      this.before(operation) ?? this.#answer(operation, name, url.searchParams.get("Qualifier"), input);
    if (this.silent(operation)) {
      incoming.socket.destroy();
      return;
    }
    const fault = "code" in answer;
    outgoing.writeHead(fault ? Number(answer.status) : 200, {
      "content-type": "application/json",
      ...(fault ? { "x-amzn-errortype": String(answer.code) } : {}),
    });
    outgoing.end(JSON.stringify(fault ? { Type: "User", message: answer.message } : answer));
  }

  #answer(
    operation: LambdaOperation,
    name: string,
    qualifier: string | null,
    input: Readonly<Record<string, unknown>>,
  ): AwsFault | Record<string, unknown> {
    switch (operation) {
      case "GetFunctionConfiguration":
        return this.#configuration(qualifier);
      case "UpdateFunctionConfiguration":
        return this.#update(input);
      case "PublishVersion":
        if ((input["RevisionId"] ?? this.latest.revision) !== this.latest.revision)
          return refused(412, "PreconditionFailedException", "The Revision Id provided does not match");
        return { Version: this.#publish() };
      case "GetAlias":
      case "UpdateAlias":
        return this.#alias(operation, name, input);
      case "ListAliases":
        return { Aliases: [...this.aliases.keys()].map((Name) => ({ Name })) };
    }
  }

  #configuration(qualifier: string | null): AwsFault | Record<string, unknown> {
    const found = qualifier === null ? this.latest : this.versions.get(qualifier);
    if (found === undefined) return refused(404, "ResourceNotFoundException", "Function not found");
    const settling = found.settlesAfter > 0;
    if (settling) {
      found.settlesAfter -= 1;
      // Applying a change is a change: the revision that answered the write is old by then.
      if (found.settlesAfter === 0) found.revision = randomUUID();
    }
    const { variables, unreadable, failed } = found;
    return {
      RevisionId: found.revision,
      CodeSha256: found.codeSha256,
      ...(qualifier === null ? updateOf(settling, failed) : stateOf(settling, failed)),
      ...(unreadable === undefined
        ? variables === undefined
          ? {}
          : { Environment: { Variables: variables } }
        : { Environment: { Error: { ErrorCode: unreadable, Message: "KMS refused" } } }),
    };
  }

  #update(input: Readonly<Record<string, unknown>>): AwsFault | Record<string, unknown> {
    if (this.latest.settlesAfter > 0)
      return refused(409, "ResourceConflictException", "An update is in progress");
    if ((input["RevisionId"] ?? this.latest.revision) !== this.latest.revision)
      return refused(412, "PreconditionFailedException", "The Revision Id provided does not match");
    const { Variables } = input["Environment"] as { Variables: Record<string, string> };
    if (Buffer.byteLength(JSON.stringify(Variables)) > BYTES)
      return refused(
        400,
        "InvalidParameterValueException",
        "the environment variables exceeded the 4KB limit",
      );
    this.latest.variables = Variables;
    this.latest.revision = randomUUID();
    this.latest.settlesAfter = this.settlesAfter;
    return { RevisionId: this.latest.revision };
  }

  #publish(): string {
    const version = String(this.versions.size + 1);
    this.versions.set(version, {
      ...this.latest,
      variables: { ...this.latest.variables },
      settlesAfter: this.versionSettlesAfter,
      ...(this.versionFails === undefined ? {} : { failed: this.versionFails }),
    });
    return version;
  }

  #alias(
    operation: "GetAlias" | "UpdateAlias",
    name: string,
    input: Readonly<Record<string, unknown>>,
  ): AwsFault | Record<string, unknown> {
    const alias = this.aliases.get(name);
    if (alias === undefined) return refused(404, "ResourceNotFoundException", `Cannot find alias ${name}`);
    if (operation === "UpdateAlias") {
      if ((input["RevisionId"] ?? alias.revision) !== alias.revision)
        return refused(412, "PreconditionFailedException", "The Revision Id provided does not match");
      if ((this.versions.get(String(input["FunctionVersion"]))?.settlesAfter ?? 0) > 0)
        return refused(409, "ResourceConflictException", "The function is in the following state: Pending");
      this.point(name, String(input["FunctionVersion"]));
    }
    const { version, revision, weights } = this.aliases.get(name) ?? alias;
    return {
      Name: name,
      FunctionVersion: version,
      RevisionId: revision,
      ...(Object.keys(weights).length === 0 ? {} : { RoutingConfig: { AdditionalVersionWeights: weights } }),
    };
  }
}

/** How Lambda tells of a change to `$LATEST`. */
function updateOf(settling: boolean, failed: string | undefined): Record<string, unknown> {
  const LastUpdateStatus = settling ? "InProgress" : failed === undefined ? "Successful" : "Failed";
  return {
    State: "Active",
    LastUpdateStatus,
    ...(failed === undefined ? {} : { LastUpdateStatusReason: failed }),
  };
}

/** How Lambda tells of a version that is being prepared. */
function stateOf(settling: boolean, failed: string | undefined): Record<string, unknown> {
  const State = settling ? "Pending" : failed === undefined ? "Active" : "Failed";
  return {
    State,
    LastUpdateStatus: "Successful",
    ...(failed === undefined ? {} : { StateReason: failed }),
  };
}

function operationOf(method: string, part: string, name: string): LambdaOperation {
  if (part === "configuration")
    return method === "PUT" ? "UpdateFunctionConfiguration" : "GetFunctionConfiguration";
  if (part === "versions") return "PublishVersion";
  if (name === "") return "ListAliases";
  return method === "PUT" ? "UpdateAlias" : "GetAlias";
}
