import { InputError } from "../../instruments/terraform-file";
import type { Trace } from "../xray/trace";
import { lookedUpTraces } from "./looked-up-traces";
import { type Finding, undecidedByInput } from "./probe";
import type { Surroundings } from "./surroundings";

/** Judges the traces that `--trace` names, or says why there are none. */
export async function overTraces(
  { settings }: Surroundings,
  wanted: string,
  judge: (traces: readonly Trace[], evidence: string) => Finding,
): Promise<Finding> {
  const evidence = `traces of ${settings.trace}`;
  try {
    const traces = await lookedUpTraces(settings);
    if (traces.length > 0) return judge(traces, evidence);
    const fix = "wait a minute and try again, or name another trace; X-Ray keeps them for 30 days";
    return { verdict: "undecided", evidence, found: "no trace", wanted, fix };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undecidedByInput(error, evidence);
  }
}
