import type { InputError } from "../../instruments/terraform-file";
import type { Trouble } from "../aws/trouble";
import type { Settings } from "./settings";
import type { Surroundings } from "./surroundings";

/** What a probe saw of one thing. */
export type Finding =
  | (Seen & { readonly verdict: "pass" })
  | (Seen & {
      /** `undecided`: what was looked at did not answer. */
      readonly verdict: "warn" | "fail" | "undecided";
      /** What to do. */
      readonly fix: string;
    });

interface Seen {
  /** Which of several things it is about, for example a function's name. */
  readonly about?: string;
  /** What was looked at. */
  readonly evidence: string;
  readonly found: string;
  readonly wanted: string;
}

/** One question about a deployed system. Probes only read, except those that say they write. */
export interface Probe {
  /** As `--only` names it. */
  readonly id: string;
  readonly label: string;
  /** Why it matters, one sentence. */
  readonly why: string;
  /** Only a required probe that fails makes the command fail. */
  readonly weight: "required" | "advisory";
  /** Milliseconds it may take, if not ten seconds. */
  readonly limitMs?: number;
  /** The option that enables it, when these settings do not. */
  readonly missing: (settings: Settings) => string | undefined;
  readonly look: (surroundings: Surroundings) => Promise<readonly Finding[]>;
}

/** What to say of a thing that AWS did not tell about. */
export function undecidedBy(
  { found, expected, nextStep }: Trouble,
  evidence: string,
  about?: string,
): Finding {
  return {
    ...(about === undefined ? {} : { about }),
    verdict: "undecided",
    evidence,
    found,
    wanted: expected,
    fix: nextStep,
  };
}

/** What to say of something that could not be read. */
export function undecidedByInput({ found, expected, nextStep }: InputError, evidence: string): Finding {
  return { verdict: "undecided", evidence, found, wanted: expected, fix: nextStep };
}
