import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { fallback, number, object, optional, parse } from "valibot";
import type { Vendor } from "../../contract/vendors";
import { tables } from "../runtime/clients";
import type { SilentFailures } from "../runtime/silent-failures";

/** What survives between runs. */
interface State {
  /** Failures in a row. */
  readonly failures: number;
  /** Epoch milliseconds at which it opened; absent while closed. */
  readonly openedAt?: number | undefined;
}

const FAILURES_TO_OPEN = 5;
const OPEN_MS = 60_000;
const CLOSED: State = { failures: 0 };

// A damaged record must not stop ingestion: it reads as closed, the state a lost record has too.
const Stored = fallback(object({ failures: number(), openedAt: optional(number()) }), CLOSED);

/**
 * Stops calling a vendor that keeps failing: opens after five failures in a row, lets one call through 60 s later, and
 * closes on any success.
 */
export class CircuitBreaker {
  readonly #vendor: Vendor;
  readonly #loaded: State;
  #state: State;

  private constructor(vendor: Vendor, loaded: State) {
    this.#vendor = vendor;
    this.#loaded = loaded;
    this.#state = loaded;
  }

  /** Reads a vendor's breaker; when that fails it is taken as closed and reported as `circuit_breaker_load`. */
  static async load(vendor: Vendor, table: string, silentFailures: SilentFailures): Promise<CircuitBreaker> {
    const read = async (): Promise<State> => {
      const { Item } = await tables().send(new GetCommand({ TableName: table, Key: keyOf(vendor) }));
      return Item === undefined ? CLOSED : parse(Stored, Item);
    };
    const annotations = { vendor };
    const state = await silentFailures.guard("circuit_breaker_load", read, CLOSED, { annotations });
    return new CircuitBreaker(vendor, state);
  }

  /** Writes a changed state; a failure is reported as `circuit_breaker_save` and otherwise ignored. */
  async save(table: string, silentFailures: SilentFailures): Promise<void> {
    if (this.#state === this.#loaded) return;
    const write = async (): Promise<void> => {
      const Item = { ...keyOf(this.#vendor), entity_type: "CIRCUIT", ...this.#state };
      await tables().send(new PutCommand({ TableName: table, Item }));
    };
    const annotations = { vendor: this.#vendor };
    await silentFailures.guard("circuit_breaker_save", write, undefined, { annotations });
  }

  /** True while open, the half-open minute's end included. */
  get isOpen(): boolean {
    return this.#state.openedAt !== undefined;
  }

  /**
   * Whether the vendor may be called: closed, or open for at least 60 s (half-open).
   *
   * @param now epoch milliseconds
   */
  admits(now: number): boolean {
    return this.#state.openedAt === undefined || now - this.#state.openedAt >= OPEN_MS;
  }

  /** Counts a successful call. */
  succeeded(): void {
    if (this.#state.failures > 0 || this.isOpen) this.#state = CLOSED;
  }

  /**
   * Counts a failed call; in half-open state one is enough to open again.
   *
   * @param now epoch milliseconds
   */
  failed(now: number): void {
    const failures = this.#state.failures + 1;
    this.#state = this.isOpen || failures >= FAILURES_TO_OPEN ? { failures, openedAt: now } : { failures };
  }
}

function keyOf(vendor: Vendor): { readonly PK: string; readonly SK: string } {
  return { PK: `CIRCUIT#${vendor}`, SK: "STATE" };
}
