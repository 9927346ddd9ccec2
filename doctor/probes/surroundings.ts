import { setTimeout as wait } from "node:timers/promises";
import type { Answer } from "../aws/answer";
import { type FunctionFacts, readFunction } from "./function-facts";
import { type Identity, readIdentity, readRegion } from "./identity";
import type { Settings } from "./settings";

/** Everything a probe may look at. */
export interface Surroundings {
  readonly settings: Settings;
  /** Environment variables of the process the doctor runs in. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Who AWS says we are; asked once. */
  readonly identity: () => Promise<Identity>;
  /** The region that is looked at, without asking AWS; `undefined` when there is none. */
  readonly region: () => Promise<string | undefined>;
  /** A function's configuration; asked once each. */
  readonly functionFacts: (name: string) => Promise<Answer<FunctionFacts>>;
}

/** The surroundings of this process. */
export function surroundingsOf(
  settings: Settings,
  variables: Readonly<Record<string, string | undefined>> = process.env,
  now: () => number = Date.now,
  sleep: (milliseconds: number) => Promise<unknown> = wait,
): Surroundings {
  let identity: Promise<Identity> | undefined;
  const functions = new Map<string, Promise<Answer<FunctionFacts>>>();
  return {
    settings,
    variables,
    now,
    sleep,
    identity: () => {
      identity ??= readIdentity(settings.region, now);
      return identity;
    },
    region: () => readRegion(settings.region),
    functionFacts: (name) => {
      const facts = functions.get(name) ?? readFunction(name, settings.region);
      functions.set(name, facts);
      return facts;
    },
  };
}
