import type { ThresholdOverride } from "../../contract/alarms/overrides";
import { ENVIRONMENTS } from "../../contract/names";
import { InputError } from "../terraform-file";
import type { Calibration } from "./calibration";

/** Who looked at the proposals and when. */
export interface Review {
  readonly reviewedBy: string;
  /** YYYY-MM-DD. */
  readonly reviewedOn: string;
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The recommended proposals as the file that the setting `thresholdsFile` names: by environment, then by alarm id, keys
 * in alphabetical order.
 *
 * @throws InputError when an alarm's name starts with no environment
 */
export function overridesText({ file, proposals }: Calibration, review: Review): string {
  const groups = new Map<string, (readonly [string, ThresholdOverride])[]>();
  for (const { name, threshold, old, why, against } of proposals) {
    if (against !== undefined) continue;
    const environment = ENVIRONMENTS.find((one) => name.startsWith(`${one}-`));
    if (environment === undefined) {
      const next = "take the proposals over by hand; --write is for alarms of this project's contract";
      throw new InputError(
        file,
        `the alarm ${name}`,
        `a name that starts with ${ENVIRONMENTS.join("-, ")}-`,
        next,
      );
    }
    const entry = {
      old,
      reason: why,
      reviewedBy: review.reviewedBy,
      reviewedOn: review.reviewedOn,
      threshold,
    };
    const group = groups.get(environment) ?? [];
    group.push([name.slice(environment.length + 1), entry]);
    groups.set(environment, group);
  }
  const whole = sorted([...groups].map(([name, entries]) => [name, sorted(entries)] as const));
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}
