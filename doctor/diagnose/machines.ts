import { json } from "../../instruments/cli/plain";
import { type Diagnosis, verdictOf } from "../probes/diagnosis";

/** The same as JSON: one entry a probe, skipped ones included. */
export function forMachines(diagnoses: readonly Diagnosis[]): string {
  const probes = diagnoses.map((one) => {
    const { id, label, why, weight } = one.probe;
    return {
      probe: id,
      label,
      why,
      weight,
      verdict: verdictOf(one),
      findings: one.findings,
      ...(one.enable === undefined ? {} : { enable: one.enable }),
    };
  });
  return json({ probes });
}
