/** Tiers in the order in which they grow. */
export const TIER_ORDER = ["essential", "standard", "full"] as const;

/** How many alarms an environment pays for. */
export type TierName = (typeof TIER_ORDER)[number];

/** Which metrics or functions an effect touches; every part given must match. Texts may hold `*` and `?`. */
export interface Select {
  readonly namespace?: string | undefined;
  readonly metric?: string | undefined;
  readonly dimensions?: Readonly<Record<string, string>> | undefined;
  /** Lambda name; `$each` is the function a repeated scenario is about. */
  readonly function?: string | undefined;
  /** `traffic` is events or requests. */
  readonly startedBy?: "schedule" | "events" | "requests" | "traffic" | undefined;
  /** Functions that stream their answers, or those that do not. */
  readonly streams?: boolean | undefined;
  readonly source?: "aws" | "custom" | "log" | undefined;
  readonly role?: string | undefined;
}

/** What happens to what is selected. */
export type Action =
  | { readonly do: "silent" }
  | { readonly do: "set"; readonly value: number }
  | { readonly do: "set-to-limit"; readonly share: number }
  | { readonly do: "multiply"; readonly by: number }
  | { readonly do: "add"; readonly value: number }
  | { readonly do: "shift"; readonly seconds: number }
  | { readonly do: "traffic"; readonly by: number }
  | {
      readonly do: "errors";
      readonly share: number;
      readonly events?: number | undefined;
      readonly attempts?: number | undefined;
    };

/** One thing that happens. Times are seconds from the start of its scenario. */
export type Effect = Action & {
  readonly select: Select;
  readonly afterSeconds?: number | undefined;
  /** Default: to the end of the scenario. */
  readonly lastsSeconds?: number | undefined;
};

/** A day on which something goes wrong, or on which nobody may be woken. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly kind: "fault" | "quiet";
  /** Repeats the scenario for each function, or for each metric, that matches. */
  readonly each?: { readonly function: Select } | { readonly metric: Select } | undefined;
  /** The smallest tier that promises to notice. Default `essential`. */
  readonly promisedFrom?: TierName | undefined;
  /** Seconds after midnight; default 21,600 (06:00). */
  readonly startsAt?: number | undefined;
  readonly lastsSeconds: number;
  /** Ingestion lag while it is played; default that of the rehearsal. */
  readonly lagSeconds?: number | undefined;
  readonly effects: readonly Effect[];
}

/** When a scenario starts unless it says so: 06:00. */
export const DEFAULT_START = 21_600;
