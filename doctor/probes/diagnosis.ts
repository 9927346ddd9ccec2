import { EXIT, type Exit } from "../../instruments/cli/exit";
import type { Finding, Probe } from "./probe";
import type { Surroundings } from "./surroundings";

/** Milliseconds a probe may take unless it says otherwise. */
const LIMIT_MS = 10_000;

/** What came of a probe. */
export interface Diagnosis {
  readonly probe: Probe;
  /** Empty when it was skipped. */
  readonly findings: readonly Finding[];
  /** The option that would have enabled it, when it was skipped. */
  readonly enable?: string;
}

/** The verdict on a probe: the worst of its findings. */
export type Verdict = Finding["verdict"] | "skipped";

const BY_SEVERITY: readonly Verdict[] = ["fail", "undecided", "warn", "pass"];

/** See {@link Verdict}. */
export function verdictOf({ findings }: Diagnosis): Verdict {
  return BY_SEVERITY.find((verdict) => findings.some((one) => one.verdict === verdict)) ?? "skipped";
}

function unanswered({ label }: Probe, found: string, fix: string): readonly Finding[] {
  return [{ verdict: "undecided", evidence: label, found, wanted: "an answer", fix }];
}

async function within(probe: Probe, surroundings: Surroundings): Promise<readonly Finding[]> {
  const limit = probe.limitMs ?? LIMIT_MS;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Finding[]>((resolve) => {
    const found = `no answer within ${limit / 1000} s`;
    const fix = "check network, proxy and addresses, then ask for this probe alone with --only";
    timer = setTimeout(() => resolve(unanswered(probe, found, fix)), limit);
  });
  try {
    return await Promise.race([probe.look(surroundings), late]);
  } catch (error) {
    // One probe's mistake must not take the others' answers away.
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return unanswered(probe, words.slice(0, 300), "report this with what was looked at");
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks all probes at once; none depends on another.
 *
 * @param waiting told, every two seconds, which have not answered yet
 */
export async function diagnose(
  probes: readonly Probe[],
  surroundings: Surroundings,
  waiting: (labels: readonly string[]) => void,
): Promise<readonly Diagnosis[]> {
  const open = new Set<string>();
  const ticking = setInterval(() => waiting([...open]), 2000);
  try {
    return await Promise.all(
      probes.map(async (probe): Promise<Diagnosis> => {
        const enable = probe.missing(surroundings.settings);
        if (enable !== undefined) return { probe, findings: [], enable };
        open.add(probe.label);
        const findings = await within(probe, surroundings);
        open.delete(probe.label);
        return { probe, findings };
      }),
    );
  } finally {
    clearInterval(ticking);
  }
}

/** 1 when a required probe fails; 3 when one could not decide, or nothing was looked at; otherwise 0. */
export function exitOf(diagnoses: readonly Diagnosis[]): Exit {
  const required = diagnoses.filter(({ probe }) => probe.weight === "required").map(verdictOf);
  if (required.includes("fail")) return EXIT.findings;
  const all = diagnoses.map(verdictOf);
  const nothing = all.every((verdict) => verdict === "skipped" || verdict === "undecided");
  return required.includes("undecided") || nothing ? EXIT.undecided : EXIT.fine;
}
