import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namesOf, REGISTER, type RegisterRow } from "../../policies/register-verdicts";
import { tracewright } from "../../support/cli";
import { FIXTURE_PLANS } from "../../support/fixture-plans";

interface Rehearsed {
  readonly alarms: readonly { readonly name: string; readonly kind: string; readonly reason?: string }[];
}

/** Rows on which a rehearsal of metrics alone says more than the register: what never happens is in code and logs. */
const NEEDS_CHECK = ["dashboard-import-errors", "dlq-depth-exceeded", "critical-composite"];

/** What a rehearsal must say of a row. */
function expected({ verdict, alarms }: RegisterRow): string {
  if (alarms.some((name) => NEEDS_CHECK.includes(name))) return "fires";
  if (verdict === "stuck") return "rests-in-alarm";
  return verdict === "fires" ? "fires" : "cannot";
}

describe("B3 the alarm register of the original application, rehearsed", () => {
  const scratch = mkdtempSync(join(tmpdir(), "tracewright-register-"));
  afterAll(() => rmSync(scratch, { recursive: true }));

  const found = (() => {
    const folder = join(FIXTURE_PLANS, "register");
    const scenarios = join(scratch, "scenarios.json");
    const normal = {
      id: "normal-day",
      title: "A normal day",
      kind: "quiet",
      lastsSeconds: 3600,
      effects: [],
    };
    // At the default of 20 events a minute the whole day would breach lambda-daily-invocations-high.
    writeFileSync(scenarios, JSON.stringify({ eventsPerMinute: 5, scenarios: [normal] }));
    const args = ["--knowledge", join(folder, "knowledge.json"), "--scenarios", scenarios, "--json"];
    const { stdout, code } = tracewright(["rehearse", join(folder, "plan.json"), ...args]);
    const { alarms } = JSON.parse(stdout) as Rehearsed;
    return { code, byName: new Map(alarms.map((one) => [one.name, one])) };
  })();

  test.each(REGISTER.map((row) => [row.alarms.join(", "), row] as const))("B3 %s", (_, row) => {
    for (const name of namesOf(row)) {
      const one = found.byName.get(name);
      const said = expected(row) === "rests-in-alarm" ? one?.reason : one?.kind;
      expect([name, said]).toEqual([name, expected(row)]);
    }
  });

  test("B3 a third and more of the alarms cannot fire, and the run says so", () => {
    const cannot = [...found.byName.values()].filter((one) => one.kind === "cannot");
    expect([found.byName.size, cannot.length]).toEqual([66, 38]);
    expect(found.code).toBe(1);
  });
});
