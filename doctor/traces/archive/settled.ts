import { InputError } from "../../../instruments/terraform-file";
import type { Window } from "../../xray/window";
import { rangeOf, timeText } from "../range";

/** Milliseconds until X-Ray has indexed what began, late documents included: ten minutes. */
const SETTLING_MS = 10 * 60_000;

/**
 * The range of `--since` and `--until` for an archive, whose manifest says that nothing can be added to it any more. It
 * ends ten minutes ago unless something else is said.
 *
 * @param now epoch milliseconds
 * @throws InputError as `rangeOf` does, and when traces of the range may still arrive
 */
export function settledRange(since: string, until: string | undefined, now: number): Window {
  const settled = now - SETTLING_MS;
  const range = rangeOf(since, until ?? timeText(settled), now);
  if (range.toMs <= settled) return range;
  throw new InputError(
    "--until",
    timeText(range.toMs),
    `a time before ${timeText(settled)}, ten minutes ago: X-Ray needs a while to index`,
    "--until 10m, or an earlier end",
  );
}
