import { GetParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import {
  array,
  boolean,
  finite,
  integer,
  maxLength,
  maxValue,
  minValue,
  number,
  object,
  optional,
  picklist,
  pipe,
  record,
  safeParse,
} from "valibot";
import { CANARY_STATE_LENGTH } from "../../contract/canary";
import type { Logger } from "../runtime/logger";
import { errorCode } from "./errors";
import { type Persistences, TROUBLES, type TroubleKind } from "./troubles";
import { WINDOW_LENGTH, type WindowEntry } from "./window";

/** A metric one run has written for the next to find (CAN-5). */
export interface Marker {
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What one run leaves for the next. */
export interface CanaryState {
  readonly window: readonly WindowEntry[];
  readonly marker?: Marker | undefined;
  readonly troubles: Persistences;
}

/** A state and how it was come by. */
export interface Recalled {
  readonly state: CanaryState;
  /** False when nothing is known of the runs before although there may have been some. */
  readonly remembers: boolean;
  /** Why the parameter could not be read; it may still be remembered. */
  readonly problem?: string;
}

const NOT_FOUND = "ParameterNotFound";
const EMPTY: CanaryState = { window: [], troubles: {} };
const KINDS = Object.keys(TROUBLES) as TroubleKind[];

const instant = pipe(number(), finite(), minValue(0));
const small = pipe(number(), integer(), minValue(0), maxValue(1_000_000));

const PERSISTENCE = object({
  runs: small,
  told: small,
  atOnce: optional(boolean(), false),
  amount: optional(small, 0),
});

const STATE = object({
  window: optional(
    pipe(array(object({ at: instant, complete: small, judged: small })), maxLength(WINDOW_LENGTH)),
    [],
  ),
  marker: optional(object({ value: instant, at: instant })),
  troubles: optional(record(picklist(KINDS), PERSISTENCE), {}),
});

function parsed(text: string): CanaryState | undefined {
  if (text.length > CANARY_STATE_LENGTH) return undefined;
  try {
    const result = safeParse(STATE, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The canary's memory in one SSM parameter: not in DynamoDB, which it is to tell about (CAN-5). What cannot be read
 * never stops a run: nonsense is replaced, and without SSM a warm environment goes by what it remembers itself, as it
 * does after it could not write. The parameter is Terraform's: one that is gone is not made again.
 */
export class StateStore {
  readonly #ssm: SSMClient;
  readonly #name: string;
  #remembered: CanaryState | undefined;
  /** Whether what is remembered is newer than what SSM has. */
  #ahead = false;
  /** Whether there was no parameter when it was last read. */
  #missing = false;

  /** @param name of the parameter */
  constructor(ssm: SSMClient, name: string) {
    this.#ssm = ssm;
    this.#name = name;
  }

  /** Reads what the run before has left. Never throws. */
  async read(logger: Logger): Promise<Recalled> {
    this.#missing = false;
    try {
      const { Parameter } = await this.#ssm.send(new GetParameterCommand({ Name: this.#name }));
      if (this.#ahead && this.#remembered !== undefined) {
        return { state: this.#remembered, remembers: true };
      }
      const state = parsed(Parameter?.Value ?? "");
      if (state !== undefined) return { state, remembers: true };
      logger.warn("the canary's state makes no sense and is replaced", {
        canary_state_invalid: true,
        length: Parameter?.Value?.length ?? 0,
      });
      return { state: this.#remembered ?? EMPTY, remembers: true };
    } catch (error) {
      this.#missing = errorCode(error) === NOT_FOUND;
      logger.warn("the canary's state was not read", {}, error);
      const remembers = this.#remembered !== undefined;
      return { state: this.#remembered ?? EMPTY, remembers, problem: errorCode(error) };
    }
  }

  /** Keeps a state for the next run of this environment only, in place of what SSM has. */
  remember(state: CanaryState): void {
    this.#remembered = state;
    this.#ahead = true;
  }

  /**
   * Leaves a state for the next run. Never throws.
   *
   * @returns the error's code when it could not be written
   */
  async write(state: CanaryState, logger: Logger): Promise<string | undefined> {
    this.remember(state);
    // Overwrite makes what is not there.
    if (this.#missing) return NOT_FOUND;
    try {
      const Value = JSON.stringify(state);
      await this.#ssm.send(
        new PutParameterCommand({ Name: this.#name, Value, Type: "String", Overwrite: true }),
      );
      this.#ahead = false;
      return undefined;
    } catch (error) {
      logger.warn("the canary's state was not written", {}, error);
      return errorCode(error);
    }
  }
}
