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
import { awsFault } from "../aws/trouble";
import type { Variables } from "./tracing-switch";

/** What the switch has to know of a function or of one of its versions. */
export interface FunctionState {
  readonly variables: Variables;
  /** Changes with every change; a write that names an old one is refused. */
  readonly revision: string;
  readonly codeSha256: string;
  /** How the last change went; Lambda applies changes after it has answered. */
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

/** Somebody else changed what was about to be changed, or is changing it. */
export class Conflict extends Error {
  override readonly name = "Conflict";
}

const CONFLICTS = ["PreconditionFailedException", "ResourceConflictException"];

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
  return {
    variables: Environment?.Variables ?? {},
    revision: found.RevisionId ?? "",
    codeSha256: found.CodeSha256 ?? "",
    update: settling ? "in progress" : LastUpdateStatus === "Failed" ? "failed" : "settled",
    why: found.LastUpdateStatusReason ?? found.LastUpdateStatusReasonCode ?? "no reason given",
  };
}

/**
 * Lambda's side of one function. Every method throws an InputError when AWS refuses, and those that write a
 * {@link Conflict} when what they name is no longer what is there.
 */
export class FunctionAdmin {
  readonly #client: LambdaClient;

  constructor(
    readonly functionName: string,
    readonly region: string | undefined,
  ) {
    this.#client = new LambdaClient(clientOptions(region));
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
    await this.#ask("lambda:UpdateFunctionConfiguration", () => this.#client.send(command));
  }

  /** Publishes `$LATEST` if it is still what was read; returns the version's number. */
  async publish({ revision, codeSha256 }: FunctionState): Promise<string> {
    const command = new PublishVersionCommand({
      ...this.#function,
      RevisionId: revision,
      CodeSha256: codeSha256,
      Description: "tracing switched by tracewright kill-switch",
    });
    const { Version = "" } = await this.#ask("lambda:PublishVersion", () => this.#client.send(command));
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
    await this.#ask("lambda:UpdateAlias", () => this.#client.send(command), ` --alias ${name}`);
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
      const { name, message } = error instanceof Error ? error : { name: "", message: "" };
      if (CONFLICTS.includes(name)) throw new Conflict(message);
      const subject = `--function ${this.functionName}${more}`;
      throw awsFault(error, { action, subject, region: this.region });
    }
  }
}
