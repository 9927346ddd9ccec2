import {
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListAliasesCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { InputError } from "../../instruments/terraform-file";
import { clientOptions } from "../aws/client-options";
import { awsFault, troubleOf } from "../aws/trouble";
import type { TroubleKind } from "../aws/trouble-kind";
import { Patience } from "../xray/patience";
import type { Variables } from "./tracing-switch";

/** What the switch has to know of a function or of one of its versions. */
export interface FunctionState {
  readonly variables: Variables;
  /** Changes with every change; a write that names an old one is refused. */
  readonly revision: string;
  readonly codeSha256: string;
  /** How the last change went, or a version's preparation; Lambda does both after it has answered. */
  readonly update: "settled" | "in progress" | "failed";
  /** Why it failed, in Lambda's words. */
  readonly why: string;
}

/** An alias as it stands. */
export interface AliasState {
  readonly name: string;
  readonly version: string;
  readonly revision: string;
  /** Versions that get a share of its calls. */
  readonly shares: readonly string[];
}

/** What was about to be changed is not as it was read, or cannot be changed at this time. */
export class Conflict extends Error {
  override readonly name = "Conflict";

  constructor(
    message: string,
    /** True when Lambda is still busy with an earlier change; false when the revision has changed. */
    readonly busy: boolean,
  ) {
    super(message);
  }
}

/** A write that was sent and not answered: nobody knows whether it has arrived. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

const STALE = "PreconditionFailedException";
const BUSY = "ResourceConflictException";
/** Troubles that leave open whether Lambda has got the request. */
const OPEN: readonly TroubleKind[] = ["late", "unreachable", "aws-fault", "unknown"];

function stateOf(name: string, found: FunctionConfiguration): FunctionState {
  const { Environment, State, LastUpdateStatus } = found;
  if (Environment?.Error !== undefined) {
    throw new InputError(
      name,
      `environment variables that cannot be read (${Environment.Error.ErrorCode ?? "no reason given"})`,
      "all of them in clear, because Lambda replaces the whole map",
      "allow kms:Decrypt on the function's key to whoever runs this; nothing was written",
    );
  }
  const settling = State === "Pending" || LastUpdateStatus === "InProgress";
  const failed = State === "Failed" || LastUpdateStatus === "Failed";
  const { LastUpdateStatusReason, LastUpdateStatusReasonCode, StateReason, StateReasonCode } = found;
  return {
    variables: Environment?.Variables ?? {},
    revision: found.RevisionId ?? "",
    codeSha256: found.CodeSha256 ?? "",
    update: settling ? "in progress" : failed ? "failed" : "settled",
    why:
      LastUpdateStatusReason ??
      LastUpdateStatusReasonCode ??
      StateReason ??
      StateReasonCode ??
      "no reason given",
  };
}

/**
 * Lambda's side of one function. Every method throws an InputError when AWS refuses; those that write throw a
 * {@link Conflict} when what they name is no longer what is there or cannot be changed yet, and {@link Unanswered} when
 * they may or may not have written. Throttled requests are sent again.
 */
export class FunctionAdmin {
  readonly #client: LambdaClient;

  constructor(
    readonly functionName: string,
    readonly region: string | undefined,
    patience = new Patience(),
  ) {
    this.#client = new LambdaClient({ ...clientOptions(region), retryStrategy: patience });
  }

  /**
   * Reads `$LATEST`, or a version.
   *
   * @throws InputError also when the variables cannot be read: a map that was not read must never be written back
   */
  async read(version?: string): Promise<FunctionState> {
    const command = new GetFunctionConfigurationCommand({ ...this.#function, Qualifier: version });
    const found = await this.#ask("lambda:GetFunctionConfiguration", () => this.#client.send(command));
    return stateOf(this.functionName, found);
  }

  /** Reads an alias. */
  async alias(name: string): Promise<AliasState> {
    const command = new GetAliasCommand({ ...this.#function, Name: name });
    const found = await this.#ask("lambda:GetAlias", () => this.#client.send(command), ` --alias ${name}`);
    const shares = Object.keys(found.RoutingConfig?.AdditionalVersionWeights ?? {});
    return { name, version: found.FunctionVersion ?? "", revision: found.RevisionId ?? "", shares };
  }

  /** The names of the aliases, the first fifty of them. */
  async aliases(): Promise<readonly string[]> {
    const command = new ListAliasesCommand(this.#function);
    const { Aliases = [] } = await this.#ask("lambda:ListAliases", () => this.#client.send(command));
    return Aliases.flatMap(({ Name }) => Name ?? []);
  }

  /** Replaces all variables if the function is still at that revision. */
  async write(variables: Variables, revision: string): Promise<void> {
    const command = new UpdateFunctionConfigurationCommand({
      ...this.#function,
      Environment: { Variables: { ...variables } },
      RevisionId: revision,
    });
    await this.#write("lambda:UpdateFunctionConfiguration", () => this.#client.send(command));
  }

  /** Publishes `$LATEST` if it is still what was read; returns the version's number. */
  async publish({ revision, codeSha256 }: FunctionState): Promise<string> {
    const command = new PublishVersionCommand({
      ...this.#function,
      RevisionId: revision,
      CodeSha256: codeSha256,
      Description: "tracing switched by tracewright kill-switch",
    });
    const { Version = "" } = await this.#write("lambda:PublishVersion", () => this.#client.send(command));
    return Version;
  }

  /** Points an alias to a version if nobody has moved it since it was read. */
  async move({ name, revision }: AliasState, version: string): Promise<void> {
    const command = new UpdateAliasCommand({
      ...this.#function,
      Name: name,
      FunctionVersion: version,
      RevisionId: revision,
    });
    await this.#write("lambda:UpdateAlias", () => this.#client.send(command), ` --alias ${name}`);
  }

  /** Closes connections. */
  close(): void {
    this.#client.destroy();
  }

  get #function(): { readonly FunctionName: string } {
    return { FunctionName: this.functionName };
  }

  async #ask<T>(action: string, send: () => Promise<T>, more = ""): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw awsFault(error, this.#asked(action, more));
    }
  }

  async #write<T>(action: string, send: () => Promise<T>, more = ""): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: "", message: "" };
      if (name === STALE || name === BUSY) throw new Conflict(message, name === BUSY);
      const asked = this.#asked(action, more);
      const fault = awsFault(error, asked);
      throw OPEN.includes(troubleOf(error, asked).kind) ? new Unanswered(fault.message) : fault;
    }
  }

  #asked(action: string, more: string) {
    return { action, subject: `--function ${this.functionName}${more}`, region: this.region };
  }
}
