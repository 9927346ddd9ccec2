import type { AliasState, FunctionState } from "./function-admin";
import { bytesOf, changesFor, merged, type SwitchChange, type SwitchPosition } from "./tracing-switch";

/** What was asked for. */
export interface Order {
  readonly functionName: string;
  readonly position: SwitchPosition;
  /** The alias callers use; absent when they use the function itself. */
  readonly alias?: string | undefined;
  readonly region?: string | undefined;
  /** Look, and write nothing. */
  readonly dryRun: boolean;
}

/**
 * How it went. `planned`: a dry run; `unchanged`: it stood so already; `refused`: nothing was written; `half-done`: the
 * variables are written, or may be, but are not known to reach callers; `unsettled`: Lambda has not applied an earlier
 * change yet.
 */
export type SwitchState = "planned" | "done" | "unchanged" | "refused" | "half-done" | "unsettled";

/** How to go on, and how to go back. */
export interface WaysOut {
  readonly finish: string;
  readonly undo: string;
}

/** What was found and done. */
export interface SwitchReport {
  readonly function: string;
  readonly position: SwitchPosition;
  readonly state: SwitchState;
  readonly changes: readonly SwitchChange[];
  /** Number of variables that stay as they are; their values are never told. */
  readonly otherVariables: number;
  /** Bytes of all variables once switched. */
  readonly bytes: number;
  /** The alias that moves, with the version it points to before and after; no `to` while it has not moved. */
  readonly alias?: { readonly name: string; readonly from: string; readonly to: string | undefined };
  /** Aliases that were not asked to move. */
  readonly otherAliases: readonly string[];
  /** Why it is not done; empty otherwise. */
  readonly words: string;
  /** Commands, when it is half done. */
  readonly waysOut?: WaysOut;
}

/** The command of an order, ready to be pasted. */
export function commandOf({ functionName, position, alias, region }: Omit<Order, "dryRun">): string {
  return [
    `tracewright kill-switch ${position} --function ${functionName}`,
    ...(alias === undefined ? [] : [`--alias ${alias}`]),
    ...(region === undefined ? [] : [`--region ${region}`]),
  ].join(" ");
}

/** The ways out of an order that is half done. */
export function waysOut(order: Order): WaysOut {
  const opposite = order.position === "on" ? "off" : "on";
  return {
    finish: commandOf(order),
    undo: commandOf({ ...order, position: opposite, alias: undefined }),
  };
}

/** The part of a report that is known before anything is written. */
export type Opening = Omit<SwitchReport, "state" | "words" | "waysOut">;

/** What would change, and what would stay. @param aliases names of all of the function's aliases */
export function opening(
  order: Order,
  latest: FunctionState,
  alias: AliasState | undefined,
  aliases: readonly string[],
): Opening {
  const changes = changesFor(latest.variables, order.position);
  const wanted = merged(latest.variables, changes);
  return {
    function: order.functionName,
    position: order.position,
    changes,
    otherVariables: Object.keys(wanted).length - changes.length,
    bytes: bytesOf(wanted),
    ...(alias === undefined ? {} : { alias: { name: alias.name, from: alias.version, to: undefined } }),
    otherAliases: aliases.filter((name) => name !== order.alias),
  };
}
