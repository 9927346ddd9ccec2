/**
 * Milliseconds a `Retry-After` asks to wait, given as seconds or as a date.
 *
 * @returns undefined when there is none or it cannot be read
 */
export function retryAfterMs(value: string | null, now = Date.now()): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // Without the zone every browser takes something else for a date.
  const at = value.endsWith(" GMT") ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
