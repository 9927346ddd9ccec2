import { AGEING } from "../../contract/ageing";

const DAY_MS = 86_400_000;
const MAXIMUM_AGE_DAYS = 366;

/** Why an entry must be looked at again; `undefined` while it is fresh. */
function staleness(checked: string, now: Date): string | undefined {
  const at = new Date(`${checked}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== checked) {
    return `${checked} is no day of the calendar`;
  }
  const days = Math.floor((now.getTime() - at.getTime()) / DAY_MS);
  if (days < 0) return `${checked} is in the future`;
  return days < MAXIMUM_AGE_DAYS
    ? undefined
    : `last checked ${days} days ago: check it, then change the date`;
}

describe("things that go stale (ADR 0003)", () => {
  test.each(Object.entries(AGEING))("%s was checked within a year", (_name, entry) => {
    expect(staleness(entry.checked, new Date())).toBeUndefined();
    expect(entry.value).toMatch(/\S/);
  });

  test("the check would notice", () => {
    const now = new Date("2027-11-22T12:00:00Z");
    expect(staleness("2027-11-22", now)).toBeUndefined();
    expect(staleness("2026-11-22", now)).toBeUndefined();
    expect(staleness("2026-11-21", now)).toMatch(/^last checked 366 days ago/);
    expect(staleness("2027-11-24", now)).toMatch(/future/);
    expect(staleness("2027-02-30", now)).toMatch(/no day/);
    expect(staleness("soon", now)).toMatch(/no day/);
  });

  test("the runtime and the language level functions are compiled for belong together", () => {
    expect(AGEING.lambdaRuntime.value).toBe(`${AGEING.esbuildTarget.value.replace("node", "nodejs")}.x`);
  });
});
