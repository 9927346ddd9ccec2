import { TRACING_SWITCHES, type TracingSwitch } from "../../contract/kill-switch";

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** `on` kills tracing, `off` lets it live again. */
export type SwitchPosition = "on" | "off";

/** A variable of tracing before and after. */
export interface SwitchChange {
  readonly variable: TracingSwitch;
  /** `undefined` when it was not set; `another value` stands for what is neither on nor off. */
  readonly from: string | undefined;
  readonly to: string;
}

const NAMES = Object.keys(TRACING_SWITCHES) as readonly TracingSwitch[];

/**
 * What must change for a function to stand as wanted. Which variables count is told by those it has; a function with
 * none gets OpenTelemetry's (DEP-3).
 *
 * @returns nothing when it stands as wanted already
 */
export function changesFor(variables: Variables, position: SwitchPosition): readonly SwitchChange[] {
  const present = NAMES.filter((name) => Object.hasOwn(variables, name));
  const names = present.length === 0 ? (["OTEL_SDK_DISABLED"] as const) : present;
  return names.flatMap((variable) => {
    const { on: traced, off: untraced } = TRACING_SWITCHES[variable];
    const to = position === "on" ? untraced : traced;
    const found = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
    if (found === to) return [];
    const from = found === undefined || found === traced || found === untraced ? found : "another value";
    return [{ variable, from, to }];
  });
}

/** The whole map as it must be written, since Lambda replaces all of it. */
export function merged(variables: Variables, changes: readonly SwitchChange[]): Variables {
  return { ...variables, ...Object.fromEntries(changes.map(({ variable, to }) => [variable, to])) };
}

/** Names of variables other than tracing's that two maps do not agree on, sorted. */
export function othersThatDiffer(one: Variables, other: Variables): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((name) => !NAMES.some((known) => known === name))
    .filter((name) => Object.hasOwn(one, name) !== Object.hasOwn(other, name) || one[name] !== other[name])
    .sort();
}

/** What a map takes of Lambda's 4 KB, bytes: Lambda measures it as JSON. */
export function bytesOf(variables: Variables): number {
  return Buffer.byteLength(JSON.stringify(variables));
}
