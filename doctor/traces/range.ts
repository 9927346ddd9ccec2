import { InputError } from "../../instruments/terraform-file";
import { KEPT_MS, type Window } from "../xray/window";

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const AGO = /^(\d{1,5})([smhd])$/;
const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

function isUnit(text: string | undefined): text is keyof typeof UNITS {
  return text !== undefined && Object.hasOwn(UNITS, text);
}

/** A moment as people write it, epoch milliseconds. @throws InputError */
function moment(option: string, text: string, now: number): number {
  const [, count, unit] = AGO.exec(text) ?? [];
  if (isUnit(unit)) return now - Number(count) * UNITS[unit];
  const time = ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new InputError(
    option,
    JSON.stringify(text.slice(0, 40)),
    "how long ago, such as 30m, 2h or 3d, or a time in ISO 8601 with its zone",
    `${option} 2h`,
  );
}

/** A time as it is shown and read: ISO 8601, UTC. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * The range of `--since` and `--until`.
 *
 * @param now epoch milliseconds
 * @throws InputError when one is unreadable, or it ends before it begins
 */
export function rangeOf(since: string, until: string | undefined, now: number): Window {
  const range = {
    fromMs: moment("--since", since, now),
    toMs: until === undefined ? now : moment("--until", until, now),
  };
  if (range.fromMs >= range.toMs) {
    throw new InputError(
      "--since, --until",
      `${timeText(range.fromMs)} to ${timeText(range.toMs)}`,
      "an end after the beginning",
      "exchange them, or leave --until out for now",
    );
  }
  return range;
}

/** Throws unless X-Ray still has all of a range. @param now epoch milliseconds. @throws InputError */
export function checkKept({ fromMs, toMs }: Window, now: number): void {
  const kept = now - KEPT_MS;
  if (fromMs >= kept) return;
  throw new InputError(
    "--since",
    timeText(fromMs),
    `a time less than 30 days ago: X-Ray has forgotten what began before ${timeText(kept)}`,
    toMs > kept
      ? "--since 30d, and an archive with --recorded before that"
      : "look in an archive with --recorded",
  );
}
